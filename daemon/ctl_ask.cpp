#include "ctl_ask.h"

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <cmath>
#include <iostream>

#include "base/text.h"
#include "printable.h"
#include "serve/control_client.h"
#include "table.h"

namespace newswire::daemon {
namespace {

namespace bj = boost::json;

std::string per_cent(double share) {
  const auto tenths = std::llround(share * 1000);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " %";
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
  return printable(text, true);
}

std::uint64_t number(const bj::object& object, std::string_view name) {
  const auto* const value = object.if_contains(name);
  return value != nullptr && value->is_number() ? value->to_number<std::uint64_t>() : 0;
}

void print_table(const Lines& lines, const std::vector<std::string>& columns) {
  const auto width = terminal_width();
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  std::vector<TableColumn> heads;
  for (const auto& column : columns) {
    heads.push_back({column, column == "url" || column == "block"});  // what is copied from here
    std::replace(heads.back().name.begin(), heads.back().name.end(), '_', ' ');
  }
  std::vector<std::vector<std::string>> rows;
  for (const auto& line : lines) {
    const auto parsed = bj::parse(line);
    const auto& object = parsed.as_object();
    auto& row = rows.emplace_back();
    for (const auto& column : columns) {
      const auto* const value = object.if_contains(column);
      auto text = value == nullptr ? std::string("-") : fold_space(text_of(*value));
      if (column == "share" && value != nullptr && value->is_number()) text = per_cent(value->to_number<double>());
      if (width > 0) text = age_text(text, now);
      row.push_back(std::move(text));
    }
  }
  std::cout << table_text(heads, rows, width);
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
