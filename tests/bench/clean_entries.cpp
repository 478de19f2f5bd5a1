// Cleaning of entries against the yardstick, the bare HTML parse of the same bytes; 2,000 rules against 200; and the
// short entries of one site with learning, as a poll brings them: fifteen at first, then one at a time. The entries are
// the files of NEWSWIRE_ENTRIES (a folder of HTML), else made up.
#include <benchmark/benchmark.h>
#include <gumbo.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <vector>

#include "clean/cleaner.h"

namespace {

using newswire::clean::Entry;

Entry entry_of(std::string title, std::string html) {
  Entry entry;
  entry.url = "https://example.org/" + title;
  entry.title = std::move(title);
  entry.html = std::move(html);
  return entry;
}

// Articles as blogs write them: paragraphs with links, an image, a list, and the usual footer.
std::vector<Entry> made_up_entries() {
  std::vector<Entry> list;
  for (int number = 0; number < 20; ++number) {
    std::string html =
        "<div class=\"post\"><p><img src=\"https://example.org/i.jpg\" alt=\"The square\" width=\"800\"></p>";
    for (int i = 0; i < 25; ++i) {
      html +=
          "<p>The bakers of the town met on the <a href=\"https://example.org/square?utm_source=rss\">market "
          "square</a> on day " +
          std::to_string(number * 100 + i) +
          " of that year and spoke about the <em>price of flour</em>, which had risen by a third, and about those who "
          "share their ovens with others. Nobody could tell how it would go on; more was not to be had.</p>\n";
    }
    html +=
        "<ul><li>first, the wheat</li><li>then, the <b>rye</b></li></ul><p>The post Bread appeared first on <a "
        "href=\"https://example.org/\">Example</a>.</p></div>";
    list.push_back(entry_of("Bread of day " + std::to_string(number), std::move(html)));
  }
  return list;
}

std::vector<Entry> entries_of(const std::filesystem::path& folder) {
  std::vector<Entry> list;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    std::ifstream in(file.path(), std::ios::binary);
    list.push_back(
        entry_of(file.path().stem().string(), {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()}));
  }
  return list;
}

const std::vector<Entry>& entries() {
  static const auto list = [] {
    const char* const folder = std::getenv("NEWSWIRE_ENTRIES");  // NOLINT(concurrency-mt-unsafe): before any thread
    return folder == nullptr ? made_up_entries() : entries_of(folder);
  }();
  return list;
}

void count_bytes(benchmark::State& state) {
  std::int64_t bytes = 0;
  for (const auto& entry : entries()) bytes += static_cast<std::int64_t>(entry.html.size());
  state.SetBytesProcessed(bytes * state.iterations());
}

void gumbo_parse(benchmark::State& state) {
  for (auto _ : state) {
    for (const auto& entry : entries()) {
      auto* const output = gumbo_parse_with_options(&kGumboDefaultOptions, entry.html.data(), entry.html.size());
      benchmark::DoNotOptimize(output);
      gumbo_destroy_output(&kGumboDefaultOptions, output);
    }
  }
  count_bytes(state);
}
BENCHMARK(gumbo_parse)->Unit(benchmark::kMillisecond);

void clean_with(benchmark::State& state, std::shared_ptr<const newswire::clean::Rules> rules) {
  newswire::clean::Options options;
  options.rules = std::move(rules);
  for (auto _ : state) {
    newswire::clean::SiteModel model;
    benchmark::DoNotOptimize(clean_entries(entries(), options, model, newswire::Time{}));
  }
  count_bytes(state);
}

void clean_built_in(benchmark::State& state) { clean_with(state, newswire::clean::Rules::built_in()); }
BENCHMARK(clean_built_in)->Unit(benchmark::kMillisecond);

// Rules of the usual shape, each with words of its own.
std::shared_ptr<const newswire::clean::Rules> made_up_rules(std::int64_t count) {
  std::string yaml = "category: made-up\nrules:\n";
  for (std::int64_t i = 0; i < count; ++i) {
    const auto word = std::to_string(i * 7919 % 99991);
    yaml += "  - {name: r" + std::to_string(i) +
            ", where: [line, end], patterns: ['(please |now )*(subscribe|sign up) word" + word +
            "( to| for)* (the|our) .{0,40}letter" + word + "( .{1,40})?']}\n";
  }
  const newswire::clean::RuleText file{"made-up.yaml", yaml};
  return newswire::clean::parse_rules({&file, 1}, false).value();
}

void clean_rules(benchmark::State& state) { clean_with(state, made_up_rules(state.range(0))); }
BENCHMARK(clean_rules)->Unit(benchmark::kMillisecond)->Arg(200)->Arg(2000);

// What most feeds hold: a paragraph or two, most of the words the same as yesterday's.
Entry short_entry(std::size_t number) {
  const auto day = std::to_string(number);
  const std::string site = "http://site.example/";
  auto entry = entry_of("The ferry of day " + day + " returned",
                        "<p>The ferry returned to the old pier on day " + day +
                            ", and the harbour office wrote in its note that the crossing takes eleven minutes and "
                            "costs the same as a tram ticket; nobody had expected it to come back so early in the "
                            "year.</p><p>Number " +
                            day + " was the last of the season. <a href=\"" + site +
                            "more\">More about ships</a> and about the people who sail them, who mend their nets in "
                            "winter and tell stories in the tavern at the corner.</p>");
  entry.url = site + day;
  return entry;
}

std::vector<Entry> short_entries(std::size_t count) {
  std::vector<Entry> list;
  for (std::size_t number = 0; number < count; ++number) list.push_back(short_entry(number));
  return list;
}

constexpr std::size_t kPolled = 15;  // entries of a feed

// A feed's first document. The figure is of one entry.
void clean_first_poll(benchmark::State& state) {
  const auto document = short_entries(kPolled);
  const newswire::clean::Options options;
  for (auto _ : state) {
    newswire::clean::SiteModel model;
    benchmark::DoNotOptimize(clean_entries(document, options, model, newswire::Time{}));
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(kPolled) * state.iterations());
}
BENCHMARK(clean_first_poll)->Unit(benchmark::kMicrosecond);

// One new entry after the other of a site that is known.
void clean_next_poll(benchmark::State& state) {
  const auto all = short_entries(kPolled + 2 * std::size_t{newswire::clean::SiteModel::kMemory});
  const std::span<const Entry> known(all.data(), kPolled);
  const std::span<const Entry> to_come(all.data() + kPolled, all.size() - kPolled);
  const newswire::clean::Options options;
  newswire::clean::SiteModel model;
  clean_entries(known, options, model, newswire::Time{});
  std::size_t next = 0;
  for (auto _ : state) {
    // An entry comes again when the model has forgotten it.
    benchmark::DoNotOptimize(clean_entries(to_come.subspan(next, 1), options, model, newswire::Time{}));
    next = (next + 1) % to_come.size();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(clean_next_poll)->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();
