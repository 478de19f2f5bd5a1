#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>

namespace newswire::test {

/// A self-signed certificate for localhost and 127.0.0.1 made on the spot, in a server context, and, with its key,
/// as a PEM file for the client to trust, or to show where the server wants a certificate; the file goes with the
/// object.
class TlsIdentity {
 public:
  TlsIdentity(bool offer_h2, bool wants_certificate);
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
