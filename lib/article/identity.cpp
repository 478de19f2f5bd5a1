#include "article/identity.h"

#include "base/hash.h"
#include "base/text.h"
#include "base/url.h"

namespace newswire::article {
namespace {

constexpr std::uint64_t kMask48 = (std::uint64_t{1} << 48) - 1;

std::uint64_t cut48(std::uint64_t hash) {
  hash &= kMask48;
  return hash == 0 ? 1 : hash;  // 0 means absent
}

// Text as far as a change of it is a change to a reader: folded white space, typographic quotes, dashes and invisible
// characters made plain. Case and punctuation count.
std::string comparable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  const auto folded = fold_space(text);
  std::string_view rest = folded;
  while (!rest.empty()) {
    if (static_cast<unsigned char>(rest.front()) < 0x80) {
      out += rest.front();
      rest.remove_prefix(1);
      continue;
    }
    const auto step = decode_utf8(rest);
    switch (step.value) {
      case 0x2018:
      case 0x2019:
      case 0x201A:
      case 0x201B:
      case 0x2032: out += '\''; break;
      case 0x201C:
      case 0x201D:
      case 0x201E:
      case 0x201F:
      case 0x2033:
      case 0xAB:
      case 0xBB: out += '"'; break;
      case 0x2010:
      case 0x2011:
      case 0x2012:
      case 0x2013:
      case 0x2014:
      case 0x2212: out += '-'; break;
      case 0x2026: out += "..."; break;
      case 0xAD:
      case 0x200B:
      case 0x200C:
      case 0x200D:
      case 0x2060:
      case 0xFEFF:
      case 0xFE0F: break;
      default: out += rest.substr(0, step.size);
    }
    rest.remove_prefix(step.size);
  }
  return out;
}

}  // namespace

Fingerprint identify(const Identity& identity, std::string_view raw) {
  Fingerprint print;
  const auto link = identity.link.empty() ? std::string{} : canonical_link(identity.link);
  if (!identity.id.empty()) {
    // An id that is a link is compared as one: publishers move from http to https without meaning a new entry.
    const auto id = trim(identity.id);
    if (!is_http_url(id)) {
      print.key = hash64(id, 2);
    } else {
      print.key = hash64(id == identity.link ? link : canonical_link(id), 1);
    }
  } else if (!link.empty()) {
    print.key = hash64(link, 1);
  } else {
    const auto title = comparable(identity.title);
    const auto date = trim(identity.date);
    print.key = hash64(title.empty() && date.empty() ? std::string(raw) : title + '\n' + std::string(date), 3);
  }
  if (print.key == 0) print.key = 1;
  if (!link.empty()) print.link = cut48(hash64(link, 1));
  print.raw = static_cast<std::uint32_t>(hash64(raw, 7));
  if (print.raw == 0) print.raw = 1;
  return print;
}

void complete(Fingerprint& print, std::string_view title_text, std::string_view body_text) {
  constexpr std::size_t kSubstantial = 80;  // bytes of title and text; shorter ones ("New comment") recur by nature
  const auto title = comparable(title_text);
  const auto text = comparable(body_text);
  print.content = cut48(hash64(title + '\n' + text, 4));
  print.title = static_cast<std::uint16_t>(hash64(title, 5));
  print.substantial = !text.empty() && title.size() + text.size() >= kSubstantial;
}

std::string make_uid(std::string_view feed_id, std::uint64_t key) { return to_base32({hash64(feed_id, 6), key}); }

std::uint64_t key_of_uid(std::string_view uid) {
  static constexpr std::string_view kDigits = "0123456789abcdefghjkmnpqrstvwxyz";
  if (uid.size() != 26) return 0;
  std::uint64_t key = 0;
  for (const char c : uid) {
    const auto digit = kDigits.find(c);
    if (digit == std::string_view::npos) return 0;
    key = (key << 5) | digit;
  }
  return key;
}

}  // namespace newswire::article
