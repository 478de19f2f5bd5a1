#include "log_setup.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/ansicolor_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>

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
  std::shared_ptr<spdlog::logger> logger;
  if (format == Format::color) {
    logger = std::make_shared<spdlog::logger>("newswire", std::make_shared<spdlog::sinks::ansicolor_stderr_sink_mt>());
    logger->set_pattern("%H:%M:%S %^%-5l%$ %v");
  } else {
    logger = std::make_shared<spdlog::logger>("newswire", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    if (format == Format::journal) {
      auto formatter = std::make_unique<spdlog::pattern_formatter>();
      formatter->add_flag<Priority>('*').set_pattern("%*%v");
      logger->set_formatter(std::move(formatter));
    } else {
      logger->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
    }
  }
  logger->set_level(level_of(log.level));
  logger->flush_on(spdlog::level::trace);
  spdlog::set_default_logger(std::move(logger));
}

}  // namespace newswire::daemon
