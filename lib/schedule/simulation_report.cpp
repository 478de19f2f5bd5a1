#include <algorithm>
#include <cstdio>

#include "schedule/simulation.h"

namespace newswire::schedule {
namespace {

template <class... Values>
std::string format(const char* pattern, Values... values) {
  char text[400];
  std::snprintf(text, sizeof text, pattern, values...);
  return text;
}

std::string escape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (static_cast<unsigned char>(c) >= 0x20)
      out += c;
  }
  return out;
}

}  // namespace

std::string table(const std::vector<Score>& scores) {
  std::string out =
      format("%-34s %8s %8s %8s %8s %8s %8s %8s %8s %7s %6s %8s %7s %6s\n", "policy", "mean", "median", "p95", "feeds",
             "poisson", "daily", "bursts", "fixed", "polls", "hits", "kB/day", "missed", "early");
  for (const auto& s : scores) {
    out += format("%-34s %8.1f %8.1f %8.1f %8.1f", s.policy.c_str(), s.article_mean, s.article_median, s.article_p95,
                  s.feed_mean);
    for (std::size_t h = 0; h < 4; ++h) {
      out += s.by_habit[h] > 0 ? format(" %8.1f", s.by_habit[h]) : format(" %8s", "-");
    }
    out += format(" %7.2f %5.1f%% %8.0f %7zu %6zu\n", s.polls_per_day, 100 * s.hit_rate, s.bytes_per_day / 1000,
                  s.missed, s.violations);
  }
  return out;
}

std::string svg(const std::vector<Score>& scores, const std::string& title) {
  constexpr double kLeft = 260;
  constexpr double kWide = 560;
  constexpr double kRow = 46;
  constexpr double kTop = 84;
  double most = 1;
  for (const auto& s : scores) most = std::max({most, s.article_mean, s.feed_mean});
  // A round step that gives five to ten lines.
  double step = 1;
  while (most / step > 10) step *= most / step > 20 ? 5 : 2;
  const double end = (static_cast<int>(most / step) + 1) * step;
  const auto x = [&](double minutes) { return kLeft + kWide * minutes / end; };
  const double height = kTop + kRow * static_cast<double>(scores.size());

  std::string out = format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"900\" height=\"%.0f\" viewBox=\"0 0 900 %.0f\" "
      "font-family=\"sans-serif\" font-size=\"13\">\n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n",
      height + 50, height + 50);
  out += "<text x=\"20\" y=\"28\" font-size=\"17\">" + escape(title) + "</text>\n";
  constexpr const char* kArticle = "#1f5fa8";
  constexpr const char* kFeed = "#b9cde6";
  out += format(
      "<rect x=\"20\" y=\"44\" width=\"14\" height=\"12\" fill=\"%s\"/><text x=\"40\" y=\"55\">mean delay of an "
      "article, minutes</text>\n<rect x=\"270\" y=\"44\" width=\"14\" height=\"12\" fill=\"%s\"/>"
      "<text x=\"290\" y=\"55\">mean over feeds</text>\n",
      kArticle, kFeed);
  for (double line = 0; line <= end + step / 2; line += step) {
    out += format(
        "<line x1=\"%.1f\" y1=\"%.0f\" x2=\"%.1f\" y2=\"%.0f\" stroke=\"#dddddd\"/>"
        "<text x=\"%.1f\" y=\"%.0f\" text-anchor=\"middle\" fill=\"#555555\">%g</text>\n",
        x(line), kTop - 8, x(line), height, x(line), height + 20, line);
  }
  double y = kTop;
  for (const auto& s : scores) {
    out +=
        format("<text x=\"%.0f\" y=\"%.1f\" text-anchor=\"end\">", kLeft - 10, y + 21) + escape(s.policy) + "</text>\n";
    out += format(
        "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"15\" fill=\"%s\"/>"
        "<text x=\"%.1f\" y=\"%.1f\">%.1f</text>\n",
        kLeft, y + 1, x(s.article_mean) - kLeft, kArticle, x(s.article_mean) + 5, y + 13, s.article_mean);
    out += format(
        "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"15\" fill=\"%s\"/>"
        "<text x=\"%.1f\" y=\"%.1f\" fill=\"#555555\">%.1f</text>\n",
        kLeft, y + 18, x(s.feed_mean) - kLeft, kFeed, x(s.feed_mean) + 5, y + 30, s.feed_mean);
    y += kRow;
  }
  return out + "</svg>\n";
}

}  // namespace newswire::schedule
