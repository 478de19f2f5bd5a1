#include "clean/detail/safe_url.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "base/url.h"

namespace newswire::clean {
namespace {

// Browsers ignore control characters and spaces around a URL, and tabs and line breaks in it.
std::string plain_reference(std::string_view reference) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) <= 0x20; };
  while (!reference.empty() && is_control(reference.front())) reference.remove_prefix(1);
  while (!reference.empty() && is_control(reference.back())) reference.remove_suffix(1);
  std::string out;
  out.reserve(reference.size());
  for (const char c : reference) {
    if (c != '\t' && c != '\n' && c != '\r') out += c;
  }
  return out;
}

bool has_control(std::string_view url) {
  return std::any_of(url.begin(), url.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

bool is_allowed_scheme(std::string_view scheme, UrlUse use) {
  if (iequals(scheme, "http") || iequals(scheme, "https")) return true;
  if (use != UrlUse::link) return false;
  static constexpr std::array<std::string_view, 13> kLinks = {
      "mailto", "tel", "sms", "ftp", "ftps", "sftp", "magnet", "xmpp", "irc", "ircs", "gemini", "gopher", "geo"};
  return std::any_of(kLinks.begin(), kLinks.end(), [scheme](std::string_view s) { return iequals(s, scheme); });
}

bool is_inline_raster(std::string_view url) {
  for (const auto type : {"data:image/png", "data:image/gif", "data:image/jpeg", "data:image/jpg", "data:image/webp",
                          "data:image/avif"}) {
    if (istarts_with(url, type)) {
      const auto next = url.substr(std::string_view(type).size(), 1);
      return next == ";" || next == ",";
    }
  }
  return false;
}

// Host (also its subdomains) and the beginning of the path of players that may be framed.
struct Player {
  std::string_view host;
  std::string_view path;
};
constexpr Player kPlayers[] = {
    {"youtube.com", "/embed/"},
    {"youtube-nocookie.com", "/embed/"},
    {"player.vimeo.com", "/video/"},
    {"dailymotion.com", "/"},
    {"geo.dailymotion.com", "/player"},
    {"w.soundcloud.com", "/player"},
    {"open.spotify.com", "/embed"},
    {"embed.spotify.com", "/"},
    {"bandcamp.com", "/EmbeddedPlayer"},
    {"mixcloud.com", "/widget/"},
    {"embed.podcasts.apple.com", "/"},
    {"embed.music.apple.com", "/"},
    {"widget.deezer.com", "/"},
    {"player.twitch.tv", "/"},
    {"clips.twitch.tv", "/embed"},
    {"archive.org", "/embed/"},
    {"embed.ted.com", "/"},
    {"streamable.com", "/"},
    {"fast.wistia.net", "/embed/"},
    {"fast.wistia.com", "/embed/"},
    {"players.brightcove.net", "/"},
    {"cdn.jwplayer.com", "/players/"},
    {"content.jwplatform.com", "/players/"},
    {"rutube.ru", "/play/embed/"},
    {"vk.com", "/video_ext.php"},
    {"player.bilibili.com", "/"},
    {"tv.naver.com", "/embed/"},
    {"v.qq.com", "/"},
    {"embed.nicovideo.jp", "/"},
    {"tiktok.com", "/embed"},
    {"google.com", "/maps/embed"},
    {"openstreetmap.org", "/export/embed"},
    {"slideshare.net", "/slideshow/embed_code"},
    {"speakerdeck.com", "/player/"},
    {"codepen.io", "/"},
    {"player.simplecast.com", "/"},
    {"html5-player.libsyn.com", "/embed/"},
    {"playlist.megaphone.fm", "/"},
    {"player.megaphone.fm", "/"},
    {"share.transistor.fm", "/e/"},
    {"anchor.fm", "/"},
    {"podcasters.spotify.com", "/"},
    {"embed.acast.com", "/"},
    {"embed.podigee.com", "/"},
    {"player.podigee-cdn.net", "/"},
    {"video.ploud.fr", "/videos/embed/"},
    {"framatube.org", "/videos/embed/"},
    {"arte.tv", "/embeds/"},
    {"bbc.co.uk", "/programmes/"},
    {"npr.org", "/player/embed/"},
    {"tunein.com", "/embed/"},
    {"ok.ru", "/videoembed/"},
    {"coub.com", "/embed/"},
    {"imgur.com", "/"},
    {"datawrapper.dwcdn.net", "/"},
    {"flo.uri.sh", "/"},
    {"public.flourish.studio", "/"},
    {"infogram.com", "/"},
    {"e.infogram.com", "/"},
};

bool is_host(std::string_view host, std::string_view wanted) {
  if (host.size() < wanted.size() || host.substr(host.size() - wanted.size()) != wanted) return false;
  return host.size() == wanted.size() || host[host.size() - wanted.size() - 1] == '.';
}

}  // namespace

std::string safe_url(std::string_view reference, std::string_view base_url, UrlUse use) {
  const auto plain = plain_reference(reference);
  if (use == UrlUse::image && is_inline_raster(plain) && !has_control(plain)) return resolve_url({}, plain);
  auto url = resolve_url(base_url, plain);
  if (url.empty() || has_control(url)) return {};
  const auto parts = split_url(url);
  if (!parts.scheme.empty()) return is_allowed_scheme(parts.scheme, use) ? url : std::string{};
  // Still relative. A colon in the first segment might be taken for a scheme by somebody.
  const auto first_segment = std::string_view(url).substr(0, url.find_first_of("/?#"));
  return first_segment.find(':') == std::string_view::npos ? url : std::string{};
}

std::string safe_srcset(std::string_view value, std::string_view base_url) {
  std::string out;
  std::size_t at = 0;
  const auto is_separator = [](char c) { return is_space(c) || c == ','; };
  while (true) {
    while (at < value.size() && is_separator(value[at])) ++at;
    if (at >= value.size()) return out;
    auto end = at;
    while (end < value.size() && !is_space(value[end])) ++end;
    auto reference = value.substr(at, end - at);
    at = end;
    std::string_view descriptor;
    if (reference.ends_with(',')) {
      while (reference.ends_with(',')) reference.remove_suffix(1);
    } else {
      const auto comma = std::min(value.find(',', at), value.size());
      descriptor = trim(value.substr(at, comma - at));
      at = comma;
    }
    const bool plain =
        std::all_of(descriptor.begin(), descriptor.end(), [](char c) { return is_alnum(c) || c == '.'; });
    auto url = safe_url(reference, base_url, UrlUse::image);
    if (url.empty() || url.starts_with(',') || url.ends_with(',') || !plain) continue;
    if (!out.empty()) out += ", ";
    out += url;
    if (!descriptor.empty()) out.append(" ").append(descriptor);
  }
}

std::string embed_url(std::string_view reference, std::string_view base_url) {
  auto url = safe_url(reference, base_url, UrlUse::media);
  if (istarts_with(url, "http:")) url.replace(0, 5, "https:");
  if (!url.starts_with("https://")) return {};
  const auto parts = split_url(url);
  const auto host = lower(parts.host);
  if (!parts.userinfo.empty() || !parts.port.empty()) return {};
  const bool known = std::any_of(std::begin(kPlayers), std::end(kPlayers), [&](const Player& player) {
    return is_host(host, player.host) && parts.path.starts_with(player.path);
  });
  return known ? url : std::string{};
}

}  // namespace newswire::clean
