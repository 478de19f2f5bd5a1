#include "http_server/tls.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <boost/asio/ssl/impl/src.hpp>
#include <filesystem>
#include <stdexcept>

namespace newswire::test {
namespace {

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
};

void require(bool good, const char* what) {
  if (!good) throw std::runtime_error(std::string("test certificate: ") + what);
}

void extend(X509* certificate, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, Free> extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value));
  require(extension && X509_add_ext(certificate, extension.get(), -1) == 1, "extension");
}

std::unique_ptr<X509, Free> sign_own(EVP_PKEY* key) {
  std::unique_ptr<X509, Free> certificate(X509_new());
  require(certificate != nullptr, "X509_new");
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 24 * 3600);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME* name = X509_get_subject_name(certificate.get());
  const unsigned char common[] = "localhost";
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, common, -1, -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  extend(certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
  extend(certificate.get(), NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
  require(X509_sign(certificate.get(), key, EVP_sha256()) != 0, "sign");
  return certificate;
}

int choose_protocol(SSL*, const unsigned char** out, unsigned char* size, const unsigned char* offered,
                    unsigned offered_size, void* offer_h2) {
  static const unsigned char kBoth[] = "\x02h2\x08http/1.1";
  static const unsigned char kOld[] = "\x08http/1.1";
  const bool h2 = offer_h2 != nullptr;
  unsigned char* chosen = nullptr;
  const int rc = SSL_select_next_proto(&chosen, size, h2 ? kBoth : kOld, (h2 ? sizeof kBoth : sizeof kOld) - 1, offered,
                                       offered_size);
  *out = chosen;
  return rc == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

}  // namespace

TlsIdentity::TlsIdentity(bool offer_h2, bool wants_certificate) : context_(boost::asio::ssl::context::tls_server) {
  static char yes;
  const std::unique_ptr<EVP_PKEY, Free> key(EVP_EC_gen("P-256"));
  require(key != nullptr, "key");
  const auto certificate = sign_own(key.get());
  SSL_CTX* native = context_.native_handle();
  require(SSL_CTX_use_certificate(native, certificate.get()) == 1 && SSL_CTX_use_PrivateKey(native, key.get()) == 1,
          "use");
  SSL_CTX_set_alpn_select_cb(native, &choose_protocol, offer_h2 ? &yes : nullptr);
  file_ = (std::filesystem::temp_directory_path() / "newswire-test-ca-XXXXXX").string();
  const int fd = ::mkstemp(file_.data());
  require(fd >= 0, "temporary file");
  FILE* out = ::fdopen(fd, "w");
  require(out != nullptr && PEM_write_X509(out, certificate.get()) == 1 &&
              PEM_write_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1,
          "write");
  std::fclose(out);
  if (!wants_certificate) return;
  context_.load_verify_file(file_);
  context_.set_verify_mode(boost::asio::ssl::verify_peer | boost::asio::ssl::verify_fail_if_no_peer_cert);
}

TlsIdentity::~TlsIdentity() { ::unlink(file_.c_str()); }

}  // namespace newswire::test
