// How much of libcurl's own speed is left when it is driven by Asio through Client: the same conditional requests
// against an nginx of our own on the loopback, first by a bare loop on curl_multi_poll (the yardstick), then by the
// client. The goal is a ratio of at least 0.8. Usage: bench_fetch_client [REQUESTS [CONCURRENCY]]; needs nginx in the
// PATH.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <iostream>
#include <memory>

#include "bare_loop.h"
#include "fetch/client.h"

namespace {

using namespace newswire;
using namespace newswire::bench;
namespace asio = boost::asio;

struct Work {
  fetch::Client& client;
  const Nginx& nginx;
  const Known& known;
  int requests;
  bool conditional;
  int started = 0;
  int good = 0;
};

asio::awaitable<void> poll(Work& work) {
  while (work.started < work.requests) {
    auto request = fetch::Request{};
    request.url = work.nginx.url(work.started++);
    request.allow_private = true;
    if (work.conditional) request.validators = {request.url, work.known.etag, work.known.last_modified};
    auto answer = co_await work.client.get(std::move(request));
    if (answer && answer->status == (work.conditional ? 304 : 200)) ++work.good;
  }
}

Score ours(const Nginx& nginx, const Known& known, int requests, int concurrency, bool conditional, bool reuse) {
  asio::io_context loop(1);
  fetch::ClientOptions options;
  options.max_transfers = static_cast<unsigned>(concurrency);
  if (!reuse) options.keep_connection_within = std::chrono::seconds{0};
  fetch::Client client(loop.get_executor(), options);
  Work work{client, nginx, known, requests, conditional};
  const auto report = [](std::exception_ptr error) {
    if (error) std::rethrow_exception(error);
  };
  const Stopwatch watch;
  for (int i = 0; i < concurrency; ++i) asio::co_spawn(loop, poll(work), report);
  loop.run();
  const auto score = watch.score(requests);
  loop.restart();
  asio::co_spawn(loop, client.stop(), report);
  loop.run();
  if (work.good != requests) throw std::runtime_error("the client got wrong answers");
  return score;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const int requests = argc > 1 ? std::atoi(argv[1]) : 20'000;
    const int concurrency = argc > 2 ? std::atoi(argv[2]) : 64;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    const Nginx nginx;
    const auto known = ask(nginx);
    struct Task {
      const char* name;
      bool conditional;
      bool reuse;
    };
    std::printf("%-24s %12s %12s %8s %12s %12s\n", "", "bare req/s", "ours req/s", "ratio", "bare us CPU",
                "ours us CPU");
    for (const Task task : {Task{"304, kept connections", true, true}, Task{"304, new connections", true, false},
                            Task{"200 of 20 KB, kept", false, true}}) {
      // Each after the other twice, the better of the two: the machine has other things to do.
      Score best_bare;
      Score best_ours;
      for (int round = 0; round < 2; ++round) {
        const auto b = bare(nginx, known, requests, concurrency, task.conditional, task.reuse);
        const auto o = ours(nginx, known, requests, concurrency, task.conditional, task.reuse);
        if (b.per_second > best_bare.per_second) best_bare = b;
        if (o.per_second > best_ours.per_second) best_ours = o;
      }
      std::printf("%-24s %12.0f %12.0f %8.2f %12.1f %12.1f\n", task.name, best_bare.per_second, best_ours.per_second,
                  best_ours.per_second / best_bare.per_second, best_bare.cpu_us, best_ours.cpu_us);
    }
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "bench_fetch_client: " << error.what() << '\n';
    return 1;
  }
}
