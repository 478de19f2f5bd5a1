#pragma once

#include <map>
#include <string>
#include <string_view>

namespace newswire::test {

/// A plain TCP connection to a port of the loopback.
class Connection {
 public:
  explicit Connection(unsigned short port);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// False: the other side does not take it any more.
  bool send(std::string_view bytes);
  /// Until the other side closes, or `until` has been seen.
  std::string read(std::string_view until = {});

 private:
  int fd_;
};

struct Reply {
  int status = 0;  ///< 0: no HTTP answer
  std::string head;
  std::string body;
};
/// One request, whole, on a connection of its own, which it asks to be closed.
Reply send_request(unsigned short port, const std::string& request);
Reply http_get(unsigned short port, const std::string& target, const std::string& host = "localhost");

/// Samples by name with labels; checks the grammar of the text exposition format 0.0.4 on the way.
std::map<std::string, double> read_metrics(const std::string& text);

}  // namespace newswire::test
