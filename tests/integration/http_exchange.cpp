#include "http_exchange.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <regex>
#include <set>

#include "process.h"

namespace newswire::test {

Connection::Connection(unsigned short port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
}

Connection::~Connection() { ::close(fd_); }

bool Connection::send(std::string_view bytes) {
  return ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
}

std::string Connection::read(std::string_view until) {
  std::string all;
  char buffer[16 * 1024];
  pollfd waiting{fd_, POLLIN, 0};
  const auto patience = std::chrono::duration_cast<std::chrono::milliseconds>(kPatience).count();
  while (until.empty() || all.find(until) == std::string::npos) {
    if (::poll(&waiting, 1, static_cast<int>(patience)) <= 0) break;
    const auto got = ::recv(fd_, buffer, sizeof buffer, 0);
    if (got <= 0) break;
    all.append(buffer, static_cast<std::size_t>(got));
  }
  return all;
}

Reply send_request(unsigned short port, const std::string& request) {
  Connection connection(port);
  connection.send(request);
  const auto text = connection.read();
  Reply answer;
  const auto end = text.find("\r\n\r\n");
  if (end == std::string::npos || !text.starts_with("HTTP/1.1 ")) return answer;
  answer.status = std::stoi(text.substr(9, 3));
  answer.head = text.substr(0, end);
  answer.body = text.substr(end + 4);
  return answer;
}

Reply http_get(unsigned short port, const std::string& target, const std::string& host) {
  return send_request(port, "GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
}

std::map<std::string, double> read_metrics(const std::string& text) {
  std::map<std::string, double> samples;
  std::set<std::string> declared;
  std::string family;
  std::string type;
  static const std::regex help(R"(# HELP ([a-z_][a-z0-9_]*) (.+))");
  static const std::regex kind(R"(# TYPE ([a-z_][a-z0-9_]*) (counter|gauge|histogram))");
  static const std::regex sample(
      R"re(([a-z_][a-z0-9_]*)((?:\{[a-z_]+="(?:[^"\\]|\\.)*"(?:,[a-z_]+="(?:[^"\\]|\\.)*")*\})?) (NaN|[+-]Inf|[-+0-9.e]+))re");
  EXPECT_TRUE(text.ends_with('\n'));
  for (const auto& line : lines_of(text)) {
    std::smatch found;
    if (std::regex_match(line, found, help)) {
      family = found[1];
      EXPECT_TRUE(declared.insert(family).second) << family << " is declared twice";
    } else if (std::regex_match(line, found, kind)) {
      EXPECT_EQ(found[1], family) << "HELP and TYPE belong together";
      type = found[2];
      if (type == "counter") {
        EXPECT_TRUE(family.ends_with("_total")) << family;
      }
    } else if (std::regex_match(line, found, sample)) {
      std::string name = found[1];
      if (type == "histogram") name = std::regex_replace(name, std::regex("_(bucket|sum|count)$"), "");
      EXPECT_EQ(name, family) << "a sample outside of its family";
      EXPECT_TRUE(samples.emplace(found[1].str() + found[2].str(), std::stod(found[3])).second)
          << line << " is repeated";
    } else {
      ADD_FAILURE() << "not in the format: " << line;
    }
  }
  return samples;
}

}  // namespace newswire::test
