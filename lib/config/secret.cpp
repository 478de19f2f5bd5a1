#include "config/secret.h"

#include <cstdlib>
#include <fstream>

namespace newswire::config {
namespace {

constexpr std::size_t kMaxSecret = 64U << 10U;

Result<std::string> checked(std::string secret, const Secret& reference) {
  if (secret.size() > kMaxSecret)
    return Error{Errc::too_large, "the secret is longer than 64 KiB", describe(reference)};
  if (secret.ends_with('\n')) secret.pop_back();
  if (secret.ends_with('\r')) secret.pop_back();
  if (secret.empty()) return Error{Errc::invalid, "the secret is empty", describe(reference)};
  if (secret.find_first_of(std::string_view("\0\r\n", 3)) != std::string::npos) {
    return Error{Errc::invalid, "the secret has more than one line", describe(reference)};
  }
  return secret;
}

Result<std::string> read_file(const std::string& path, const Secret& reference) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return Error{Errc::not_found, "the secret's file cannot be opened", describe(reference)};
  std::string text(kMaxSecret + 2, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad()) return Error{Errc::io, "the secret's file cannot be read", describe(reference)};
  text.resize(static_cast<std::size_t>(in.gcount()));
  return checked(std::move(text), reference);
}

}  // namespace

std::string describe(const Secret& secret) {
  switch (secret.from) {
    case Secret::From::none: break;
    case Secret::From::file: return "file:" + secret.name;
    case Secret::From::environment: return "env:" + secret.name;
    case Secret::From::credential: return "credential:" + secret.name;
  }
  return "none";
}

Result<std::string> read_secret(const Secret& secret) {
  switch (secret.from) {
    case Secret::From::none: break;
    case Secret::From::file: return read_file(secret.name, secret);
    case Secret::From::environment: {
      const char* value = std::getenv(secret.name.c_str());
      if (value == nullptr) return Error{Errc::not_found, "the variable is not set", describe(secret)};
      return checked(value, secret);
    }
    case Secret::From::credential: {
      const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
      if (folder == nullptr) {
        return Error{Errc::not_found,
                     "no credentials: start newswired by systemd, with LoadCredential=", describe(secret)};
      }
      return read_file(std::string(folder) + '/' + secret.name, secret);
    }
  }
  return Error{Errc::invalid, "no secret is named"};
}

}  // namespace newswire::config
