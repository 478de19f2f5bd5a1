# fish completion for newswirectl

function __newswirectl_feeds
    newswirectl feeds --json 2>/dev/null | string match -r '"id":"[^"]*"' | string replace -r '"id":"(.*)"' '$1'
end

set -l commands status feeds why poll pause resume add remove set-interval import export reload config learned consumers log-level tail cat verify discover parse extract preview explain simulate
complete -c newswirectl -f
complete -c newswirectl -n "not __fish_seen_subcommand_from $commands" -a status -d "How the daemon is"
complete -c newswirectl -n "not __fish_seen_subcommand_from $commands" -a feeds -d "The feeds, their health and next poll"
complete -c newswirectl -n "not __fish_seen_subcommand_from $commands" -a why -d "Why a feed is polled when it is"
complete -c newswirectl -n "not __fish_seen_subcommand_from $commands" -a poll -d "Poll one feed now"
complete -c newswirectl -n "not __fish_seen_subcommand_from $commands" -a pause -d "Do not poll a feed until it is resumed"
complete -c newswirectl -n "not __fish_seen_subcommand_from $commands" -a resume -d "Poll a paused or gone feed again"
complete -c newswirectl -n "not __fish_seen_subcommand_from $commands" -a add -d "Follow a feed"
complete -c newswirectl -n "not __fish_seen_subcommand_from $commands" -a remove -d "Do not follow a feed any more"
complete -c newswirectl -n "not __fish_seen_subcommand_from $commands" -a set-interval -d "How often a feed is polled"
complete -c newswirectl -n "not __fish_seen_subcommand_from $commands" -a import -d "Follow the feeds of an OPML file or list"
complete -c newswirectl -n "not __fish_seen_subcommand_from $commands" -a export -d "All feeds as OPML"
complete -c newswirectl -n "not __fish_seen_subcommand_from $commands" -a discover -d "Find the feeds of a web page"
complete -c newswirectl -n "not __fish_seen_subcommand_from $commands" -a reload -d "Read the configuration again"
complete -c newswirectl -n "not __fish_seen_subcommand_from $commands" -a config -d "The configuration as it took effect"
complete -c newswirectl -n "not __fish_seen_subcommand_from $commands" -a learned -d "What was learned to be boilerplate"
complete -c newswirectl -n "not __fish_seen_subcommand_from $commands" -a consumers -d "Subscribers, outputs and stored positions"
complete -c newswirectl -n "not __fish_seen_subcommand_from $commands" -a log-level -d "Change the log level"
complete -c newswirectl -n "not __fish_seen_subcommand_from $commands" -a tail -d "Articles as they come, or from a point on"
complete -c newswirectl -n "not __fish_seen_subcommand_from $commands" -a cat -d "Lines of the spool, without the daemon"
complete -c newswirectl -n "not __fish_seen_subcommand_from $commands" -a verify -d "Check a spool"
complete -c newswirectl -n "not __fish_seen_subcommand_from $commands" -a parse -d "Feeds as JSON Feed"
complete -c newswirectl -n "not __fish_seen_subcommand_from $commands" -a extract -d "The article of a page"
complete -c newswirectl -n "not __fish_seen_subcommand_from $commands" -a preview -d "What the daemon would spool of a feed"
complete -c newswirectl -n "not __fish_seen_subcommand_from $commands" -a explain -d "What was taken out of an article, and why"
complete -c newswirectl -n "not __fish_seen_subcommand_from $commands" -a simulate -d "The scheduler under a virtual clock"
complete -c newswirectl -n "__fish_seen_subcommand_from why poll pause resume remove set-interval" -a "(__newswirectl_feeds)"
complete -c newswirectl -n "__fish_seen_subcommand_from log-level" -a "trace debug info warn error"
complete -c newswirectl -n "__fish_seen_subcommand_from import parse extract preview explain cat verify" -F
complete -c newswirectl -n "__fish_seen_subcommand_from poll" -l force -d "Unconditionally"
complete -c newswirectl -n "__fish_seen_subcommand_from poll" -l backfill -d "With the feed's older pages"
complete -c newswirectl -n "__fish_seen_subcommand_from add" -l id -x
complete -c newswirectl -n "__fish_seen_subcommand_from add" -l title -x
complete -c newswirectl -n "__fish_seen_subcommand_from add" -l tag -x
complete -c newswirectl -n "__fish_seen_subcommand_from add" -l interval -x -d "30m, or shortest and longest"
complete -c newswirectl -n "__fish_seen_subcommand_from add" -l as-is -d "Do not look for the feed of a page"
complete -c newswirectl -n "__fish_seen_subcommand_from add" -l allow-private -d "Look at hosts of the own network too"
complete -c newswirectl -n "__fish_seen_subcommand_from import" -l format -x -a "opml list"
complete -c newswirectl -n "__fish_seen_subcommand_from discover" -l allow-private -d "Hosts of the own network too"
complete -c newswirectl -n "__fish_seen_subcommand_from feeds" -l troubled -d "Only failing, gone or paused ones"
complete -c newswirectl -n "__fish_seen_subcommand_from feeds" -l why -d "Which rule decided the next poll"
complete -c newswirectl -n "__fish_seen_subcommand_from tail" -l from -x -a "earliest latest acked"
complete -c newswirectl -n "__fish_seen_subcommand_from tail" -l consumer -x
complete -c newswirectl -n "__fish_seen_subcommand_from tail" -l exec -r
complete -c newswirectl -n "__fish_seen_subcommand_from tail" -l feed -x -a "(__newswirectl_feeds)"
complete -c newswirectl -n "__fish_seen_subcommand_from tail" -l tag -x
complete -c newswirectl -n "__fish_seen_subcommand_from tail" -l format -x -a "json text"
complete -c newswirectl -n "__fish_seen_subcommand_from tail" -l on-gap -x -a "error continue"
complete -c newswirectl -n "__fish_seen_subcommand_from tail" -l health -d "Health of feeds too"
complete -c newswirectl -n "__fish_seen_subcommand_from tail" -l dead-letter -r -F
complete -c newswirectl -n "__fish_seen_subcommand_from preview" -l diff -d "What goes and why"
complete -c newswirectl -n "__fish_seen_subcommand_from explain" -l spool -r -d "Folder of the spool"
complete -c newswirectl -l sockets -r -d "Folder of the sockets"
complete -c newswirectl -l config -r -F -d "Configuration"
complete -c newswirectl -l json -d "The answer as it is"
