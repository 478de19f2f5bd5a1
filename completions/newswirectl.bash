# bash completion for newswirectl                                                      -*- shell-script -*-
# Ids of feeds are asked of the running daemon; without one there are simply none.

_newswirectl_feeds() {
    command -v jq > /dev/null || return
    newswirectl feeds --json 2> /dev/null | jq -r '.id // empty' 2> /dev/null
}

_newswirectl() {
    local cur prev words cword
    _init_completion -n : || return

    local commands="status feeds why poll pause resume add remove set-interval import export reload config learned
        consumers log-level tail cat verify discover parse extract preview explain simulate"
    local command="" i
    for ((i = 1; i < cword; i++)); do
        if [[ ${words[i]} != -* ]]; then
            command=${words[i]}
            break
        fi
    done
    if [[ -z $command ]]; then
        COMPREPLY=($(compgen -W "$commands --help --help-all --version" -- "$cur"))
        return
    fi

    case $prev in
        --sockets | --spool) _filedir -d; return ;;
        --config | -c | --rules) _filedir; return ;;
        --format)
            if [[ $command == import ]]; then
                COMPREPLY=($(compgen -W "opml list" -- "$cur"))
            else
                COMPREPLY=($(compgen -W "json text" -- "$cur"))
            fi
            return ;;
        --on-gap) COMPREPLY=($(compgen -W "error continue" -- "$cur")); return ;;
        --feed) COMPREPLY=($(compgen -W "$(_newswirectl_feeds)" -- "$cur")); return ;;
        --dead-letter | --traces | --plot) _filedir; return ;;
        --from) COMPREPLY=($(compgen -W "earliest latest acked" -- "$cur")); return ;;
        --verdict) COMPREPLY=($(compgen -W "keep strip learned" -- "$cur")); return ;;
        --exec) COMPREPLY=($(compgen -c -- "$cur")); return ;;
    esac
    if [[ $cur == -* ]]; then
        # What a command understands is what its help says.
        local options
        options=$(newswirectl "$command" --help 2> /dev/null | grep -oE -- '(^|[ ,])--?[a-z][a-z-]*' | tr -d ' ,')
        COMPREPLY=($(compgen -W "$options" -- "$cur"))
        return
    fi
    case $command in
        why | poll | pause | resume | remove | set-interval) COMPREPLY=($(compgen -W "$(_newswirectl_feeds)" -- "$cur")) ;;
        log-level) COMPREPLY=($(compgen -W "trace debug info warn error" -- "$cur")) ;;
        import) _filedir '@(opml|xml|urls|txt|list)' ;;
        parse | extract | preview | explain | cat | verify) _filedir ;;
    esac
    __ltrim_colon_completions "$cur"
}
complete -F _newswirectl newswirectl
