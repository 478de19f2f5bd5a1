#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "base/result.h"
#include "fetch/client.h"
#include "http_server/http_server.h"

namespace newswire::fetch::test {

using namespace std::chrono_literals;
using newswire::test::Answer;
using newswire::test::HttpServer;
using newswire::test::Seen;
using newswire::test::ServerOptions;

/// Only reached when a test fails: a loaded machine with sanitizers is slow.
inline constexpr auto kPatience = 120s;

/// An event loop that the test's own thread runs until one coroutine is done, or patience ends.
class Loop {
 public:
  template <class T>
  T run(asio::awaitable<T> work) {
    std::optional<T> result;
    std::exception_ptr error;
    asio::co_spawn(context_, std::move(work), [&result, &error](std::exception_ptr escaped, T value) {
      error = escaped;
      result = std::move(value);
    });
    drive([&result] { return result.has_value(); });
    if (error) std::rethrow_exception(error);
    return *std::move(result);
  }

  void run(asio::awaitable<void> work) {
    bool done = false;
    std::exception_ptr error;
    asio::co_spawn(context_, std::move(work), [&done, &error](std::exception_ptr escaped) {
      error = escaped;
      done = true;
    });
    drive([&done] { return done; });
    if (error) std::rethrow_exception(error);
  }

  template <class Done>
  void drive(Done done) {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    context_.restart();
    while (!done()) {
      if (context_.run_one_until(deadline) == 0)
        throw std::runtime_error("the loop had nothing more to do, or patience ended");
    }
  }

  asio::io_context& context() { return context_; }
  asio::any_io_executor executor() { return context_.get_executor(); }

 private:
  asio::io_context context_{1};
};

/// A client and a scripted server on the loopback.
struct Fixture {
  explicit Fixture(ServerOptions server_options = {}, ClientOptions client_options = {})
      : server(std::move(server_options)), client(loop.executor(), std::move(client_options)) {}
  ~Fixture() { loop.run(client.stop()); }

  Request request(std::string_view target = "/feed.xml") const {
    Request request;
    request.url = server.url(target);
    request.allow_private = true;
    request.ca_file = server.ca_file();
    request.timeouts = {60s, 60s, 60s};
    return request;
  }
  Result<Response> get(Request request) { return loop.run(client.get(std::move(request))); }
  Result<Response> get(std::string_view target = "/feed.xml") { return get(request(target)); }

  Loop loop;
  HttpServer server;
  Client client;
};

}  // namespace newswire::fetch::test
