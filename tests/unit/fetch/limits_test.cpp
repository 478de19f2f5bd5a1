// Hostile and broken servers: every answer ends in time, within its limits, with the right code.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <optional>
#include <vector>

#include "fetch/detail/body_room.h"
#include "fetch/outcome.h"
#include "loop.h"

namespace newswire::fetch::test {
namespace {

constexpr const char* kRss = "<rss version=\"2.0\"><channel><title>t</title></channel></rss>";

std::string gzip(const std::string& text) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string in = text;
  std::string out(deflateBound(&stream, in.size()) + 64, '\0');
  stream.next_in = static_cast<Bytef*>(static_cast<void*>(in.data()));
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = static_cast<Bytef*>(static_cast<void*>(out.data()));
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

struct Quick : Fixture {
  using Fixture::Fixture;
  Request quick(std::chrono::milliseconds total = 300ms) const {
    auto r = request();
    r.timeouts = {total, total, 10s};
    return r;
  }
};

Errc code_of(const Result<Response>& got) { return got ? Errc::invalid : got.error().code; }

TEST(A9_Limits, AStallBeforeTheAnswerIsATimeout) {
  Quick f;
  f.server.on("/feed.xml", Answer(200, kRss).stall());
  EXPECT_EQ(code_of(f.get(f.quick())), Errc::timeout);
}

TEST(A9_Limits, AStallWithinTheBodyIsATimeout) {
  Quick f;
  f.server.on("/feed.xml", Answer(200, kRss).stall_after(80));
  EXPECT_EQ(code_of(f.get(f.quick())), Errc::timeout);
}

TEST(A9_Limits, ASlowDripIsCutByTheTotalTime) {
  Quick f;
  f.server.on("/feed.xml", Answer(200, std::string(100'000, 'x')).drip(5ms));
  const auto before = std::chrono::steady_clock::now();
  EXPECT_EQ(code_of(f.get(f.quick())), Errc::timeout);
  EXPECT_LT(std::chrono::steady_clock::now() - before, 60s) << "of more than 500 s";
}

TEST(A9_Limits, ADripBelowTheStallRateIsCutEarly) {
  Quick f;
  f.server.on("/feed.xml", Answer(200, std::string(1000, 'x')).drip(200ms));
  auto request = f.request();
  request.timeouts = {110s, 110s, 1s};
  const auto before = std::chrono::steady_clock::now();
  EXPECT_EQ(code_of(f.get(std::move(request))), Errc::timeout);
  EXPECT_LT(std::chrono::steady_clock::now() - before, 60s) << "of 200 s, and before the total time";
}

TEST(A9_Limits, TheTotalTimeCoversAllRedirects) {
  Quick f;
  for (int i = 0; i < 10; ++i) {
    f.server.on("/" + std::to_string(i), Answer(302).header("Location", "/" + std::to_string(i + 1)).delay(100ms));
  }
  EXPECT_EQ(code_of(f.get([&f] {
              auto r = f.quick();
              r.url = f.server.url("/0");
              return r;
            }())),
            Errc::timeout);
  EXPECT_LT(f.server.requests().size(), 6U);
}

TEST(A9_Limits, AStalledTlsHandshakeIsATimeout) {
  ServerOptions options;
  options.stall_handshake = true;
  Quick f(options);
  auto request = f.quick(5s);
  request.timeouts.connect = 300ms;
  request.url = "https://127.0.0.1:" + std::to_string(f.server.port()) + "/feed.xml";
  EXPECT_EQ(code_of(f.get(std::move(request))), Errc::timeout);
}

TEST(A9_Limits, AResetIsABrokenConnection) {
  Quick f;
  f.server.on("/feed.xml", Answer(200, kRss).reset_after(70));
  const auto got = f.get();
  EXPECT_EQ(code_of(got), Errc::io);
  EXPECT_EQ(classify(got).kind, OutcomeKind::network);
}

TEST(A9_Limits, ACloseWithoutAnAnswerIsABrokenConnection) {
  Quick f;
  f.server.on("/feed.xml", Answer(200, kRss).close_after(0));
  EXPECT_EQ(code_of(f.get()), Errc::io);
}

TEST(A9_Limits, ATruncatedBodyIsAnError) {
  Quick f;
  f.server.on("/feed.xml", Answer(200, kRss).length(1000).close_after(200));
  EXPECT_EQ(code_of(f.get()), Errc::io);
  f.server.on("/feed.xml", Answer(200, kRss).chunked().close_after(90));
  EXPECT_EQ(code_of(f.get()), Errc::io);
}

// A port that is taken, so that nobody else gets it meanwhile, and at which nobody listens.
struct SilentPort {
  SilentPort() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* const any = static_cast<sockaddr*>(static_cast<void*>(&address));
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(fd, any, size), 0);
    EXPECT_EQ(::getsockname(fd, any, &size), 0);
    number = ntohs(address.sin_port);
  }
  ~SilentPort() { ::close(fd); }
  SilentPort(const SilentPort&) = delete;
  SilentPort& operator=(const SilentPort&) = delete;
  int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  std::uint16_t number = 0;
};

TEST(A9_Limits, NothingListeningIsAConnectError) {
  Quick f;
  const SilentPort silent;
  auto request = f.request();
  request.url = "http://127.0.0.1:" + std::to_string(silent.number) + "/feed.xml";
  EXPECT_EQ(code_of(f.get(std::move(request))), Errc::connect);
}

TEST(A9_Limits, ANameThatCannotExistIsADnsError) {
  Quick f;
  auto request = f.request();
  request.url = "http://" + std::string(70, 'a') + ".invalid/feed.xml";  // a label over 63 octets: no query leaves
  EXPECT_EQ(code_of(f.get(std::move(request))), Errc::dns);
}

TEST(Limits, GarbageIsNoHttp) {
  Quick f;
  f.server.on("/feed.xml", Answer().raw("\x01\x02\x03 hello\r\n\r\nworld"));
  EXPECT_EQ(code_of(f.get()), Errc::io);
}

TEST(Limits, EndlessHeadersAreTooLarge) {
  Quick f;
  f.server.on("/feed.xml", Answer(200).endless_header());
  EXPECT_EQ(code_of(f.get()), Errc::too_large);
}

TEST(Limits, AnEndlessHeaderLineIsTooLarge) {
  Quick f;
  f.server.on("/feed.xml", Answer().raw("HTTP/1.1 200 OK\r\nX: " + std::string(1u << 20, 'x')));
  EXPECT_EQ(code_of(f.get()), Errc::too_large);
}

TEST(Limits, ABodyOverTheLimitIsCut) {
  Quick f;
  f.server.on("/feed.xml", Answer(200, std::string(5000, 'x')).endless_body());
  auto request = f.request();
  request.max_body = 123'456;
  const auto got = f.get(std::move(request));
  ASSERT_TRUE(got) << to_string(got.error());
  EXPECT_TRUE(got->cut);
  EXPECT_EQ(got->body.size(), 123'456U);
}

TEST(Limits, ABodyOverTheLimitIsAnErrorIfWanted) {
  Quick f;
  f.server.on("/feed.xml", Answer(200, std::string(5000, 'x')));
  auto request = f.request();
  request.max_body = 4999;
  request.cut_oversize = false;
  EXPECT_EQ(code_of(f.get(request)), Errc::too_large);
  request.max_body = 5000;
  const auto fits = f.get(std::move(request));
  ASSERT_TRUE(fits);
  EXPECT_FALSE(fits->cut);
}

TEST(Limits, AGzipBombIsCutAtTheLimit) {
  Quick f;
  f.server.on("/feed.xml", Answer(200, gzip(std::string(64u << 20, ' '))).header("Content-Encoding", "gzip"));
  auto request = f.request();
  request.max_body = 1u << 20;
  const auto got = f.get(request);
  ASSERT_TRUE(got) << to_string(got.error());
  EXPECT_TRUE(got->cut);
  EXPECT_EQ(got->body.size(), 1u << 20);
  request.cut_oversize = false;
  EXPECT_EQ(code_of(f.get(std::move(request))), Errc::too_large);
}

TEST(Limits, AnErrorPageIsKeptOnlyInPart) {
  Quick f;
  f.server.on("/feed.xml", Answer(500, std::string(1u << 20, 'x')));
  const auto got = f.get();
  ASSERT_TRUE(got) << to_string(got.error());
  EXPECT_EQ(got->status, 500);
  EXPECT_LE(got->body.size(), 64u << 10);
}

TEST(R13_Encoding, GzipIsUndone) {
  Quick f;
  f.server.on("/feed.xml", Answer(200, gzip(kRss)).header("Content-Encoding", "gzip"));
  const auto got = f.get();
  ASSERT_TRUE(got) << to_string(got.error());
  EXPECT_EQ(got->body, kRss);
}

TEST(R13_Encoding, ACompressedFileWithoutALabelIsUndoneToo) {
  Quick f;
  f.server.on("/feed.xml", Answer(200, gzip(kRss) + gzip("more")).header("Content-Type", "application/x-gzip"));
  const auto got = f.get();
  ASSERT_TRUE(got);
  EXPECT_EQ(got->body, std::string(kRss) + "more");
}

TEST(R13_Encoding, APlainBodyLabelledGzipIsAskedForOnceMoreAsItIs) {
  Quick f;
  f.server.on("/feed.xml", Answer(200, kRss).header("Content-Encoding", "gzip"));
  const auto got = f.get();
  ASSERT_TRUE(got) << to_string(got.error());
  EXPECT_EQ(got->body, kRss);
  ASSERT_EQ(f.server.requests().size(), 2U);
  EXPECT_EQ(f.server.requests()[1].header("accept-encoding"), "identity");
  // From then on once a poll (R15), and a body that is compressed after all is undone.
  f.server.on("/feed.xml", {Answer(200, kRss).header("Content-Encoding", "gzip"),
                            Answer(200, gzip(kRss)).header("Content-Encoding", "gzip"), Answer(200, kRss)});
  for (std::size_t polls = 1; polls <= 3; ++polls) {
    const auto again = f.get();
    ASSERT_TRUE(again) << to_string(again.error());
    EXPECT_EQ(again->body, kRss);
    ASSERT_EQ(f.server.requests().size(), 2 + polls);
    EXPECT_EQ(f.server.requests().back().header("accept-encoding"), "identity");
  }
  f.server.on("/other.xml", Answer(200, gzip(kRss)).header("Content-Encoding", "gzip"));
  ASSERT_TRUE(f.get("/other.xml"));
  EXPECT_NE(f.server.requests().back().header("accept-encoding"), "identity") << "nothing is known of this one";
}

TEST(R13_Encoding, AWrongLabelIsForgottenAfterAWhile) {
  ClientOptions options;
  options.remember_fallbacks = std::chrono::seconds{0};
  Quick f({}, options);
  f.server.on("/feed.xml", Answer(200, kRss).header("Content-Encoding", "gzip"));
  ASSERT_TRUE(f.get());
  f.server.on("/feed.xml", Answer(200, gzip(kRss)).header("Content-Encoding", "gzip"));
  ASSERT_TRUE(f.get());
  EXPECT_NE(f.server.requests().back().header("accept-encoding").find("gzip"), std::string::npos);
}

TEST(A11_Limits, A421IsAskedOnceMoreOnANewConnection) {
  Quick f;
  f.server.on("/feed.xml", {Answer(421), Answer(200, kRss)});
  const auto got = f.get();
  ASSERT_TRUE(got);
  EXPECT_EQ(got->status, 200);
  EXPECT_NE(f.server.requests()[0].connection, f.server.requests()[1].connection);
  f.server.on("/feed.xml", Answer(421));
  const auto again = f.get();
  ASSERT_TRUE(again);
  EXPECT_EQ(again->status, 421);
  EXPECT_EQ(f.server.requests().size(), 4U);
}

TEST(Headers, InterimAnswersFoldingAndTrailersAreUnderstood) {
  Quick f;
  f.server.on(
      "/feed.xml",
      Answer().raw(
          "HTTP/1.1 103 Early Hints\r\nETag: \"early\"\r\n\r\nHTTP/1.1 200 OK\r\nETag: \"real\"\r\nX-Long: a\r\n b\r\n"
          "Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nETag: \"late\"\r\n\r\n"));
  const auto got = f.get();
  ASSERT_TRUE(got) << to_string(got.error());
  EXPECT_EQ(got->status, 200);
  EXPECT_EQ(got->etag, "\"real\"");
  EXPECT_EQ(got->body, "hi");
  ASSERT_NE(got->header("x-long"), nullptr);
  EXPECT_EQ(*got->header("x-long"), "a b");
}

// While it lives no socket can be made, as when the process has too many open files. (A limit of descriptors itself
// would take them from the sanitizers, too.)
std::atomic<bool> no_sockets = false;
struct NoSockets {
  NoSockets() { no_sockets = true; }
  ~NoSockets() { no_sockets = false; }
  NoSockets(const NoSockets&) = delete;
  NoSockets& operator=(const NoSockets&) = delete;
};

TEST(Starved, WithoutADescriptorNobodyIsToBlame) {
  Fixture f;
  f.server.on("/feed.xml", Answer(200, kRss));
  for (const auto& url : {f.server.url("/feed.xml"), std::string("http://name-to-look-up.invalid/")}) {
    const auto got = [&] {
      const NoSockets starved;
      auto request = f.request();
      request.url = url;
      request.fresh_connection = true;
      return f.get(std::move(request));
    }();
    ASSERT_FALSE(got) << url;
    EXPECT_EQ(got.error().code, Errc::busy) << url << ": " << to_string(got.error());
    EXPECT_NE(got.error().what.find("LimitNOFILE"), std::string::npos) << got.error().what;
    EXPECT_FALSE(classify(got).failed) << "no failure of the feed";
  }
  EXPECT_EQ(f.client.stats().starved, 2U);
  EXPECT_TRUE(f.get());
}

struct LittleRoom : Fixture {
  static constexpr std::size_t kBody = std::size_t{1536} << 10;
  LittleRoom() : Fixture({}, options()) {
    server.on("/feed.xml", Answer(200, std::string(kBody, 'x')));
    server.on("/small", Answer(200, std::string(200'000, 'x')));
  }
  static ClientOptions options() {
    ClientOptions options;
    options.body_memory = std::size_t{4} << 20;
    return options;
  }
  Request large() const {
    auto request = this->request();
    request.max_body = std::size_t{2} << 20;
    return request;
  }
};

TEST(BodyMemory, ALargeDocumentWaitsUntilAnotherOneIsDoneWith) {
  LittleRoom f;
  std::vector<Result<Response>> done;
  for (int i = 0; i < 2; ++i) done.push_back(f.get(f.large()));
  ASSERT_TRUE(done[0] && done[1]);
  EXPECT_GE(f.client.stats().body_bytes, 2 * LittleRoom::kBody);
  std::optional<Result<Response>> third;
  asio::co_spawn(f.loop.context(), f.client.get(f.large()),
                 [&third](const std::exception_ptr&, Result<Response> got) { third = std::move(got); });
  f.loop.drive([&f] { return f.client.stats().paused == 1; });
  EXPECT_EQ(f.get("/small")->body.size(), 200'000U) << "small ones are not held up";
  EXPECT_FALSE(third);
  done[0]->room.reset();
  f.loop.drive([&third] { return third.has_value(); });
  ASSERT_TRUE(*third) << to_string(third->error());
  EXPECT_EQ((*third)->body, std::string(LittleRoom::kBody, 'x'));
  EXPECT_EQ(f.client.stats().paused, 0U);
  third.reset();
  done.clear();
  EXPECT_EQ(f.client.stats().body_bytes, 0U) << "everything was given back";
}

// What is over the limit may stand in the very piece that the transfer was paused with.
TEST(BodyMemory, AResumedDocumentIsCutAtItsLimitToo) {
  LittleRoom f;
  f.server.on("/mid", Answer(200, std::string(std::size_t{1} << 20, 'x')));
  constexpr std::size_t kLimit = detail::BodyRoom::kSmall + 1024;
  f.server.on("/little_over", Answer(200, std::string(kLimit + 1, 'x')));
  const auto limited = [&f](std::string_view target, std::size_t most, bool cut) {
    auto request = f.request(target);
    request.max_body = most;
    request.cut_oversize = cut;
    return request;
  };
  for (const bool cut : {true, false}) {
    std::vector<Result<Response>> done;
    for (int i = 0; i < 2; ++i) done.push_back(f.get(f.large()));
    done.push_back(f.get(limited("/mid", std::size_t{1} << 20, true)));
    std::optional<Result<Response>> waits;
    asio::co_spawn(f.loop.context(), f.client.get(limited("/little_over", kLimit, cut)),
                   [&waits](const std::exception_ptr&, Result<Response> got) { waits = std::move(got); });
    f.loop.drive([&f] { return f.client.stats().paused == 1; });
    done.clear();
    f.loop.drive([&waits] { return waits.has_value(); });
    if (cut) {
      ASSERT_TRUE(*waits) << to_string(waits->error());
      EXPECT_EQ((*waits)->body.size(), kLimit);
      EXPECT_TRUE((*waits)->cut);
    } else {
      EXPECT_EQ(code_of(*waits), Errc::too_large);
    }
  }
}

TEST(BodyMemory, ManyLargeDocumentsAtOnceStayWithinIt) {
  LittleRoom f;
  std::size_t most = 0;
  int left = 24;
  for (int i = 0; i < 24; ++i) {
    asio::co_spawn(f.loop.context(), f.client.get(f.large()),
                   [&](const std::exception_ptr&, const Result<Response>& got) {
                     EXPECT_TRUE(got && got->body.size() == LittleRoom::kBody);
                     --left;
                   });
  }
  f.loop.drive([&] {
    most = std::max(most, f.client.stats().body_bytes);
    return left == 0;
  });
  EXPECT_GT(most, LittleRoom::kBody);
  EXPECT_LE(most, std::size_t{4} << 20);
  EXPECT_EQ(f.client.stats().body_bytes, 0U);
}

TEST(BodyMemory, ADocumentLargerThanAllOfItComesAlone) {
  LittleRoom f;
  f.server.on("/huge", Answer(200, std::string(std::size_t{6} << 20, 'x')));
  auto request = f.request("/huge");
  request.max_body = std::size_t{8} << 20;
  const auto got = f.get(std::move(request));
  ASSERT_TRUE(got) << to_string(got.error());
  EXPECT_EQ(got->body.size(), std::size_t{6} << 20);
}

TEST(BodyMemory, ATransferThatIsGivenUpWhileItWaitsLeavesTheQueue) {
  LittleRoom f;
  std::vector<Result<Response>> done;
  for (int i = 0; i < 2; ++i) done.push_back(f.get(f.large()));
  auto impatient = f.large();
  impatient.timeouts = {300ms, 300ms, 10s};
  EXPECT_EQ(code_of(f.get(std::move(impatient))), Errc::timeout);
  EXPECT_EQ(f.client.stats().paused, 0U);
  done.clear();
  EXPECT_TRUE(f.get(f.large()));
}

}  // namespace
}  // namespace newswire::fetch::test

// In place of the C library's.
extern "C" int socket(int domain, int type, int protocol) noexcept {
  if (newswire::fetch::test::no_sockets) {
    errno = EMFILE;
    return -1;
  }
  return static_cast<int>(::syscall(SYS_socket, domain, type, protocol));
}
