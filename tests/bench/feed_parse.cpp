// Bytes to JSON Feed, against the yardstick: pugixml's bare load_buffer on the same bytes. The documents are those of
// NEWSWIRE_FEEDS (a folder), else the feeds of the demonstration. feed_whole.py compares whole processes.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <pugixml.hpp>
#include <string>
#include <vector>

#include "feed/parse.h"

namespace {

const std::vector<std::string>& documents() {
  static const auto loaded = [] {
    std::vector<std::string> list;
    const char* const chosen = std::getenv("NEWSWIRE_FEEDS");  // NOLINT(concurrency-mt-unsafe): before any thread
    for (const auto& file : std::filesystem::directory_iterator(chosen != nullptr ? chosen : "config/demo")) {
      const auto kind = file.path().extension();
      if (kind != ".rss" && kind != ".atom" && kind != ".rdf" && kind != ".xml") continue;
      std::ifstream in(file.path(), std::ios::binary);
      list.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    }
    return list;
  }();
  return loaded;
}

template <class Work>
void over_documents(benchmark::State& state, Work work) {
  std::int64_t bytes = 0;
  for (auto _ : state) {
    for (const auto& document : documents()) {
      work(document);
      bytes += static_cast<std::int64_t>(document.size());
    }
  }
  state.SetBytesProcessed(bytes);
}

void pugixml_load_buffer(benchmark::State& state) {
  over_documents(state, [](const std::string& document) {
    pugi::xml_document tree;
    benchmark::DoNotOptimize(tree.load_buffer(document.data(), document.size()));
  });
}
BENCHMARK(pugixml_load_buffer)->Unit(benchmark::kMillisecond);

void parse_to_json(benchmark::State& state) {
  newswire::feed::Parser parser;
  std::string out;
  over_documents(state, [&](const std::string& document) {
    out.clear();
    benchmark::DoNotOptimize(parser.append_json(out, document, {}));
  });
}
BENCHMARK(parse_to_json)->Unit(benchmark::kMillisecond);

void parse_to_feed(benchmark::State& state) {
  newswire::feed::Parser parser;
  over_documents(state, [&](const std::string& document) { benchmark::DoNotOptimize(parser.parse(document, {})); });
}
BENCHMARK(parse_to_feed)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
