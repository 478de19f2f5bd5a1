// Headers, cookies, credentials: what is sent with a request, and what of it may be shown.

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"
#include "config/detail/value.h"
#include "config/secret.h"

namespace newswire::config::detail {
namespace {

/// RFC 9110, section 5.6.2: the characters of a field name.
bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return is_alnum(c) || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

bool looks_secret(std::string_view name) {
  const auto word = lower(name);
  constexpr std::array kMarks = {"auth",    "token",  "key",        "secret",   "pass",
                                 "session", "cookie", "credential", "signature"};
  return std::any_of(kMarks.begin(), kMarks.end(),
                     [&](const char* mark) { return word.find(mark) != std::string::npos; });
}

/// Headers that the client makes itself: another value would break the conversation or the promises of POLLING.md.
bool is_ours(std::string_view name) {
  constexpr std::array kNames = {"host",
                                 "connection",
                                 "content-length",
                                 "transfer-encoding",
                                 "te",
                                 "upgrade",
                                 "if-none-match",
                                 "if-modified-since",
                                 "accept-encoding",
                                 "a-im",
                                 "cookie",
                                 "range",
                                 "expect"};
  return std::any_of(kNames.begin(), kNames.end(), [&](const char* ours) { return iequals(name, ours); });
}

bool is_name_of_variable(std::string_view name) {
  return !name.empty() && !is_digit(name.front()) &&
         std::all_of(name.begin(), name.end(), [](char c) { return is_alnum(c) || c == '_'; });
}

bool is_cookie_value(std::string_view value) {
  return std::all_of(value.begin(), value.end(),
                     [](char c) { return c > ' ' && c < 0x7f && c != ';' && c != ',' && c != '"'; });
}

std::optional<NamedValue> read_named_value(const Node& key, const Node& value, const Context& context, bool cookies) {
  NamedValue out;
  out.name = key.text;
  if (!is_token(out.name)) {
    context.error(key, "\"" + std::string(cut_utf8(out.name, 60)) + "\" cannot be a " +
                           (cookies ? "cookie's" : "header's") + " name");
    return {};
  }
  if (!cookies && is_ours(out.name)) {
    context.error(key, "header " + out.name + " is set by newswire itself" +
                           (iequals(out.name, "cookie") ? "; use \"cookies: {name: value}\"" : ""));
    return {};
  }
  if (value.is_map()) {
    auto secret = read_secret_reference(value, context);
    if (!secret) return {};
    out.secret = std::move(*secret);
    return out;
  }
  auto text = read_text(value, context);
  if (!text) return {};
  if (cookies && !is_cookie_value(*text)) {
    context.error(value, "a cookie's value has no space, quote, comma or semicolon");
    return {};
  }
  out.value = std::string(trim(*text));
  return out;
}

}  // namespace

std::optional<Secret> read_secret_reference(const Node& node, const Context& context) {
  if (!node.is_map() || node.entries.size() != 1) {
    context.error(node, "a secret does not stand in this file; write {file: PATH}, {env: NAME} or {credential: NAME}");
    return {};
  }
  if (!check_keys(node, {"file", "env", "credential"}, context)) return {};
  const auto& [key, value] = node.entries.front();
  Secret out;
  if (key->text == "file") {
    const auto path = read_path(*value, context);
    if (!path) return {};
    out = {Secret::From::file, path->string()};
  } else {
    const auto name = read_text(*value, context);
    if (!name) return {};
    if (key->text == "env" && !is_name_of_variable(*name)) {
      context.error(*value, "an environment variable's name has letters, digits and \"_\"");
      return {};
    }
    if (key->text == "credential" && (name->empty() || name->front() == '.' || name->find('/') != std::string::npos)) {
      context.error(*value, "a credential is named as in LoadCredential=, without \"/\"");
      return {};
    }
    out = {key->text == "env" ? Secret::From::environment : Secret::From::credential, *name};
  }
  return out;
}

std::optional<std::vector<NamedValue>> read_named_values(const Node& node, const Context& context, bool cookies) {
  if (node.is_null()) return std::vector<NamedValue>{};
  if (!node.is_map()) {
    context.error(node, "here must stand a map such as {Name: value}");
    return {};
  }
  if (node.entries.size() > 100) {
    context.error(node, "more than 100 of them", Errc::too_large);
    return {};
  }
  std::vector<NamedValue> out;
  bool good = true;
  for (const auto& [key, value] : node.entries) {
    auto one = read_named_value(*key, *value, context, cookies);
    if (one) {
      out.push_back(std::move(*one));
    } else {
      good = false;
    }
  }
  if (!good) return {};
  return out;
}

std::optional<Auth> read_auth(const Node& node, const Context& context) {
  if (node.is_scalar() && node.text == "none") return Auth{};
  if (!node.is_map() || node.entries.size() != 1) {
    context.error(node,
                  "here must stand {basic: {user: NAME, password: {file: PATH}}}, {bearer: {file: PATH}} or none");
    return {};
  }
  if (!check_keys(node, {"basic", "bearer"}, context)) return {};
  const auto& value = *node.entries.front().second;
  Auth out;
  if (node.entries.front().first->text == "bearer") {
    auto secret = read_secret_reference(value, context);
    if (!secret) return {};
    out.kind = Auth::Kind::bearer;
    out.secret = std::move(*secret);
    return out;
  }
  if (!value.is_map()) {
    context.error(value, "basic needs {user: NAME, password: {file: PATH}}");
    return {};
  }
  if (!check_keys(value, {"user", "password"}, context)) return {};
  const auto* user = value.find("user");
  const auto* password = value.find("password");
  if (user == nullptr || password == nullptr) {
    context.error(value, user == nullptr ? "basic needs a \"user\"" : "basic needs a \"password\"");
    return {};
  }
  auto name = read_text(*user, context);
  auto secret = read_secret_reference(*password, context);
  if (!name || !secret) return {};
  if (name->find(':') != std::string::npos) {
    context.error(*user, "a user name of basic authentication has no \":\" (RFC 7617)");
    return {};
  }
  out.kind = Auth::Kind::basic;
  out.user = std::move(*name);
  out.secret = std::move(*secret);
  return out;
}

std::optional<Initial> read_initial(const Node& node, const Context& context) {
  const auto text = read_text(node, context);
  if (!text) return {};
  if (*text == "all") return Initial{};
  if (*text == "none") return Initial{.kind = Initial::Kind::none};
  if (text->starts_with("last ")) {
    const auto digits = trim(std::string_view(*text).substr(5));
    std::uint32_t count = 0;
    const auto [end, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
    if (ec == std::errc{} && end == digits.data() + digits.size() && count > 0) {
      return Initial{.kind = Initial::Kind::last, .last = count};
    }
  } else if (const auto age = parse_duration(*text); age && *age >= std::chrono::seconds{1}) {
    return Initial{.kind = Initial::Kind::age, .age = std::chrono::duration_cast<std::chrono::seconds>(*age)};
  }
  context.error(node, "\"" + std::string(cut_utf8(*text, 60)) + "\" is none of: all, none, last 10, 7d");
  return {};
}

std::string print_secret(const Secret& secret) {
  switch (secret.from) {
    case Secret::From::none: break;
    case Secret::From::file: return "{file: " + print_text(secret.name) + '}';
    case Secret::From::environment: return "{env: " + print_text(secret.name) + '}';
    case Secret::From::credential: return "{credential: " + print_text(secret.name) + '}';
  }
  return "none";
}

std::string print_named_values(const std::vector<NamedValue>& values, bool cookies, bool hide) {
  std::string out = "{";
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto& [name, value, secret] = values[i];
    const bool hidden = hide && (cookies || looks_secret(name));
    out += (i == 0 ? "" : ", ") + print_text(name) + ": ";
    out += secret ? print_secret(secret) : print_text(hidden ? "…" : value);
  }
  return out + '}';
}

std::string print_auth(const Auth& auth) {
  switch (auth.kind) {
    case Auth::Kind::none: break;
    case Auth::Kind::basic:
      return "{basic: {user: " + print_text(auth.user) + ", password: " + print_secret(auth.secret) + "}}";
    case Auth::Kind::bearer: return "{bearer: " + print_secret(auth.secret) + '}';
  }
  return "none";
}

std::string print_initial(const Initial& initial) {
  switch (initial.kind) {
    case Initial::Kind::all: break;
    case Initial::Kind::none: return "none";
    case Initial::Kind::last: return "last " + std::to_string(initial.last);
    case Initial::Kind::age: return to_string(std::chrono::milliseconds(initial.age));
  }
  return "all";
}

}  // namespace newswire::config::detail
