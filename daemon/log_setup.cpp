#include "log_setup.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/ansicolor_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <mutex>

#include "log_repeats.h"

namespace newswire::daemon {
namespace {

// The priority that journald reads at the front of a line (sd-daemon(3)).
class Priority : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&, spdlog::memory_buf_t& out) override {
    static constexpr std::string_view kPriorities[] = {"<7>", "<7>", "<6>", "<4>", "<3>", "<2>", "<7>"};
    const auto prefix = kPriorities[static_cast<std::size_t>(message.level)];
    out.append(prefix.data(), prefix.data() + prefix.size());
  }
  std::unique_ptr<spdlog::custom_flag_formatter> clone() const override { return std::make_unique<Priority>(); }
};

// Hands on what LogRepeats lets pass, and says how much it did not. Levels that are asked for by hand (debug, trace)
// are complete.
class LimitedSink : public spdlog::sinks::sink {
 public:
  explicit LimitedSink(std::shared_ptr<spdlog::sinks::sink> inner) : inner_(std::move(inner)) {}
  ~LimitedSink() override { tell(LogRepeats::Clock::now(), true); }

  void log(const spdlog::details::log_msg& message) override {
    if (message.level < spdlog::level::info) return inner_->log(message);
    const std::lock_guard lock(mutex_);
    const auto now = LogRepeats::Clock::now();
    tell(now, false);
    if (repeats_.passes({message.payload.data(), message.payload.size()}, now)) inner_->log(message);
  }
  void flush() override { inner_->flush(); }
  void set_pattern(const std::string& pattern) override { inner_->set_pattern(pattern); }
  void set_formatter(std::unique_ptr<spdlog::formatter> formatter) override {
    inner_->set_formatter(std::move(formatter));
  }

 private:
  void tell(LogRepeats::Clock::time_point now, bool all) {
    for (const auto& line : repeats_.ended(now, all)) {
      const auto text = "log.repeated " + line;
      inner_->log(spdlog::details::log_msg("newswire", spdlog::level::warn, text));
    }
  }

  std::shared_ptr<spdlog::sinks::sink> inner_;
  std::mutex mutex_;
  LogRepeats repeats_;
};

spdlog::level::level_enum level_of(config::LogConfig::Level level) {
  using Level = config::LogConfig::Level;
  switch (level) {
    case Level::trace: return spdlog::level::trace;
    case Level::debug: return spdlog::level::debug;
    case Level::warn: return spdlog::level::warn;
    case Level::error: return spdlog::level::err;
    case Level::info: break;
  }
  return spdlog::level::info;
}

}  // namespace

void set_up_log(const config::LogConfig& log) {
  using Format = config::LogConfig::Format;
  auto format = log.format;
  if (format == Format::automatic) {
    format = std::getenv("JOURNAL_STREAM") != nullptr ? Format::journal
             : isatty(STDERR_FILENO) == 1             ? Format::color
                                                      : Format::plain;
  }
  std::shared_ptr<spdlog::sinks::sink> standard_error;
  if (format == Format::color) {
    standard_error = std::make_shared<spdlog::sinks::ansicolor_stderr_sink_mt>();
  } else {
    standard_error = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  }
  auto logger = std::make_shared<spdlog::logger>("newswire", std::make_shared<LimitedSink>(std::move(standard_error)));
  if (format == Format::color) {
    logger->set_pattern("%H:%M:%S %^%-5l%$ %v");
  } else if (format == Format::journal) {
    auto formatter = std::make_unique<spdlog::pattern_formatter>();
    formatter->add_flag<Priority>('*').set_pattern("%*%v");
    logger->set_formatter(std::move(formatter));
  } else {
    logger->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
  }
  logger->set_level(level_of(log.level));
  logger->flush_on(spdlog::level::trace);
  spdlog::set_default_logger(std::move(logger));
}

void set_log_level(config::LogConfig::Level level) { spdlog::set_level(level_of(level)); }

}  // namespace newswire::daemon
