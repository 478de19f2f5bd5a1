#include "newsroom.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <stdexcept>

namespace newswire::ingest::test {

std::vector<std::string> Polled::titles() const {
  std::vector<std::string> titles;
  for (const auto& article : articles) titles.push_back(article.title);
  return titles;
}

Newsroom::Newsroom(std::string feeds, std::string more) : feeds_(std::move(feeds)), more_(std::move(more)) {
  auto name = (std::filesystem::temp_directory_path() / "newsroom-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = name;
}

Newsroom::~Newsroom() {
  if (pipeline_) stop();
  std::error_code ignored;  // a leftover in /tmp fails no test
  std::filesystem::remove_all(folder_, ignored);
}

std::string Newsroom::feed(std::string_view target, std::string_view id, std::string_view more) const {
  std::string line = "  - {id: " + std::string(id) + ", url: '" + server.url(target) + "'";
  if (!more.empty()) (line += ", ") += more;
  return line + "}\n";
}

void Newsroom::configure(std::string feeds, std::string more) {
  feeds_ = std::move(feeds);
  more_ = std::move(more);
}

void Newsroom::start() {
  const auto text = "spool: {dir: spool, min_free: 0}\nstate: {dir: state}\nfetch: {host_spacing: 0s, per_host: " +
                    std::to_string(per_host_) + ", allow_hosts: " + allow_hosts_ +
                    "}\ndefaults: {interval: {min: 15m, max: 24h}, allow_private: true, full_text: never}\n" + more_ +
                    "\nfeeds:\n" + (feeds_.empty() ? feed() : feeds_);
  auto loaded = config::parse_yaml(text, folder_ / "newswire.yaml");
  for (const auto& error : loaded.errors) ADD_FAILURE() << to_string(error);
  const auto config = std::make_shared<const config::Config>(std::move(loaded.config));
  loop_ = std::make_unique<asio::io_context>(1);
  workers_ = std::make_unique<asio::thread_pool>(1);
  std::filesystem::create_directories(config->spool.dir);
  auto writer = Writer::open(*config, [this] { return now_; });
  if (!writer) throw std::runtime_error(to_string(writer.error()));
  writer_ = *std::move(writer);
  PipelineHooks hooks;
  hooks.now = [this] { return now_; };
  hooks.feed_event = [this](std::string line) { events_.push_back(std::move(line)); };
  hooks.polled = [this](const PollReport& report) {
    polls_.push_back({report.feed.id,
                      std::string(report.outcome),
                      std::string(report.error),
                      report.failed,
                      {report.articles.begin(), report.articles.end()},
                      report.next});
  };
  auto rules = RuleSets::load(*config);
  if (!rules) throw std::runtime_error(to_string(rules.error()));
  pipeline_ = std::make_unique<Pipeline>(*loop_, *workers_, *writer_, config, *std::move(rules), std::move(hooks));
  if (auto restored = pipeline_->restore(); !restored) throw std::runtime_error(to_string(restored.error()));
  writer_->start();
  asio::co_spawn(*loop_, pipeline_->run(), [](std::exception_ptr escaped) { EXPECT_FALSE(escaped); });
}

void Newsroom::stop() {
  bool stopped = false;
  asio::co_spawn(*loop_, pipeline_->stop(2s), [&stopped](std::exception_ptr escaped) {
    EXPECT_FALSE(escaped);
    stopped = true;
  });
  drive([&stopped] { return stopped; });
  loop_->restart();
  loop_->run();
  writer_->stop();
  workers_->join();
  pipeline_.reset();
  writer_.reset();
  workers_.reset();
  loop_.reset();
}

void Newsroom::drive(const std::function<bool()>& done) {
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  loop_->restart();
  while (!done()) {
    if (loop_->run_one_until(deadline) == 0) throw std::runtime_error("nothing more to do, or a minute passed");
  }
}

// No poll under way, the last one's row written.
bool Newsroom::is_quiet() const { return pipeline_->status_json().find("\"in_flight\":0,") != std::string::npos; }

std::size_t Newsroom::pass(std::chrono::milliseconds time) {
  const auto before = polls_.size();
  now_ += time;
  // Two turns of the loop's own look: one takes what is due, the other shows that nothing is left.
  for (int turn = 0; turn < 2; ++turn) {
    pipeline_->look_again();
    bool looked = false;
    asio::post(*loop_, [&] { asio::post(*loop_, [&looked] { looked = true; }); });
    drive([&] { return looked && is_quiet(); });
  }
  return polls_.size() - before;
}

Polled Newsroom::next_poll(std::string_view id) {
  const auto of_feed = [&] {
    return std::count_if(polls_.begin(), polls_.end(), [&](const Polled& polled) { return polled.feed == id; });
  };
  const auto before = of_feed();
  const auto due = pipeline_->next_of(id);
  if (!due) throw std::runtime_error(to_string(due.error()));
  if (due->due == Time::max()) throw std::runtime_error("the feed is not polled any more");
  now_ = std::max(now_, due->due + 1s);
  pipeline_->look_again();
  drive([&] { return of_feed() > before && is_quiet(); });
  for (auto polled = polls_.rbegin();; ++polled) {
    if (polled->feed == id) return *polled;
  }
}

Result<std::string> Newsroom::ask_poll(const std::string& id, PollOptions options, OnPollProgress on_progress) {
  std::optional<Result<std::string>> answer;
  asio::co_spawn(*loop_, pipeline_->poll_now(id, options, std::move(on_progress)),
                 [&answer](std::exception_ptr escaped, Result<std::string> given) {
                   EXPECT_FALSE(escaped);
                   answer = std::move(given);
                 });
  drive([&] { return answer && is_quiet(); });
  return *std::move(answer);
}

Polled Newsroom::poll(const std::string& id, PollOptions options) {
  now_ += 61s;
  const auto answer = ask_poll(id, options);
  if (!answer) throw std::runtime_error(to_string(answer.error()));
  for (auto polled = polls_.rbegin();; ++polled) {
    if (polled->feed == id) return *polled;
  }
}

bool Newsroom::told(std::string_view state) const {
  const auto part = "\"state\":\"" + std::string(state) + "\"";
  return std::any_of(events_.begin(), events_.end(),
                     [&part](const std::string& line) { return line.find(part) != std::string::npos; });
}

Result<void> Newsroom::resume(const std::string& id) {
  std::optional<Result<void>> answer;
  asio::co_spawn(*loop_, pipeline_->resume(id), [&answer](std::exception_ptr escaped, Result<void> given) {
    EXPECT_FALSE(escaped);
    answer = std::move(given);
  });
  drive([&answer] { return answer.has_value(); });
  return *std::move(answer);
}

std::string Newsroom::list() {
  std::optional<Result<std::string>> answer;
  FeedQuery query;
  query.why = true;
  asio::co_spawn(*loop_, pipeline_->list(query), [&answer](std::exception_ptr escaped, Result<std::string> given) {
    EXPECT_FALSE(escaped);
    answer = std::move(given);
  });
  drive([&answer] { return answer.has_value(); });
  return *answer ? **answer : to_string(answer->error());
}

std::string rss(const std::vector<std::string>& ids, std::string_view channel) {
  std::string out = "<rss version='2.0'><channel><title>Harbour news</title><link>http://site.example/</link>";
  out += channel;
  for (const auto& id : ids) {
    out += "<item><title>Title " + id + "</title><guid>" + id + "</guid><link>http://site.example/" + id +
           "</link><description>&lt;p&gt;Something happened to " + id +
           ", and this is the report of it in one sentence.&lt;/p&gt;</description></item>";
  }
  return out + "</channel></rss>";
}

}  // namespace newswire::ingest::test
