#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>

namespace newswire::test {

/// A self-signed certificate for localhost and 127.0.0.1 made on the spot, in a server context, and as a PEM file for
/// the client to trust; the file goes with the object.
class TlsIdentity {
 public:
  explicit TlsIdentity(bool offer_h2);
  ~TlsIdentity();
  TlsIdentity(const TlsIdentity&) = delete;
  TlsIdentity& operator=(const TlsIdentity&) = delete;

  boost::asio::ssl::context& context() { return context_; }
  const std::string& ca_file() const { return file_; }

 private:
  boost::asio::ssl::context context_;
  std::string file_;
};

}  // namespace newswire::test
