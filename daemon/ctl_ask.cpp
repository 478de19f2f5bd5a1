#include "ctl_ask.h"

#include <algorithm>
#include <boost/json.hpp>
#include <iostream>

#include "base/text.h"
#include "serve/control_client.h"

namespace newswire::daemon {
namespace {

namespace bj = boost::json;

// Columns it takes on a terminal, near enough: code points.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

void print_object(const bj::object& object, const std::string& indent) {
  std::size_t width = 0;
  for (const auto& member : object) width = std::max(width, member.key().size());
  for (const auto& member : object) {
    std::string name(member.key());
    std::replace(name.begin(), name.end(), '_', ' ');
    if (const auto* const inner = member.value().if_object()) {
      std::cout << indent << name << '\n';
      print_object(*inner, indent + "  ");
    } else {
      std::cout << indent << name << std::string(width - name.size() + 2, ' ') << text_of(member.value()) << '\n';
    }
  }
}

}  // namespace

int complain(const Error& error) {
  std::cerr << "newswirectl: " << to_string(error) << '\n';
  return 1;
}

Result<Lines> ask(const SocketsPlace& place, const bj::object& request,
                  const std::function<void(std::string_view line)>& on_line) {
  const auto dir = sockets_dir(place);
  if (!dir) return dir.error();
  auto client = serve::ControlClient::connect(*dir + "/control.sock");
  if (!client) return client.error();
  if (!on_line) return client->request(bj::serialize(request));
  const auto take = [&on_line](std::string_view line) {
    on_line(line);
    return true;
  };
  if (auto done = client->request(bj::serialize(request), take); !done) return done.error();
  return Lines{};
}

std::string text_of(const bj::value& value) {
  std::string text;
  if (value.is_string()) {
    text = value.get_string();
  } else if (const auto* const list = value.if_array()) {
    for (const auto& item : *list) text += (text.empty() ? "" : ", ") + text_of(item);
  } else {
    text = bj::serialize(value);
  }
  for (auto& c : text) {
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7F) c = '?';
  }
  return text;
}

std::uint64_t number(const bj::object& object, std::string_view name) {
  const auto* const value = object.if_contains(name);
  return value != nullptr && value->is_number() ? value->to_number<std::uint64_t>() : 0;
}

void print_table(const Lines& lines, const std::vector<std::string>& columns) {
  constexpr std::size_t kWidest = 60;
  std::vector<std::vector<std::string>> rows{{columns}};
  for (auto& name : rows.front()) std::replace(name.begin(), name.end(), '_', ' ');
  for (const auto& line : lines) {
    const auto parsed = bj::parse(line);
    const auto& object = parsed.as_object();
    std::vector<std::string> row;
    for (const auto& column : columns) {
      const auto* const value = object.if_contains(column);
      auto text = value == nullptr ? std::string("-") : fold_space(text_of(*value));
      if (column != "url") text = std::string(cut_utf8(text, kWidest));  // an address must be whole to be used
      row.push_back(std::move(text));
    }
    rows.push_back(std::move(row));
  }
  std::vector<std::size_t> widths(columns.size(), 0);
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  }
  for (const auto& row : rows) {
    std::string out;
    for (std::size_t i = 0; i < row.size(); ++i) {
      out += row[i];
      if (i + 1 < row.size()) out.append(widths[i] - width_of(row[i]) + 2, ' ');
    }
    std::cout << out << '\n';
  }
}

void print_objects(const Lines& lines) {
  for (const auto& line : lines) print_object(bj::parse(line).as_object(), {});
}

int ask_and_show(const SocketsPlace& place, const bj::object& request, bool json,
                 const std::function<void(const Lines&)>& show) {
  const auto lines = ask(place, request);
  if (!lines) return complain(lines.error());
  if (json) {
    for (const auto& line : *lines) std::cout << line << '\n';
  } else {
    show(*lines);
  }
  return 0;
}

}  // namespace newswire::daemon
