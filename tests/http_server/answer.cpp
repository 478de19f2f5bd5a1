#include "http_server/delivery.h"

namespace newswire::test {

Answer::Answer(int status, std::string body) : status_(status) {
  if (!body.empty()) pieces_.push_back(std::move(body));
}

Answer& Answer::header(std::string name, std::string value) & {
  headers_.emplace_back(std::move(name), std::move(value));
  return *this;
}

Answer&& Answer::header(std::string name, std::string value) && {
  headers_.emplace_back(std::move(name), std::move(value));
  return std::move(*this);
}

Answer&& Answer::pieces(std::vector<std::string> parts, std::chrono::milliseconds pause) && {
  pieces_ = std::move(parts);
  pause_ = pause;
  return std::move(*this);
}

Answer&& Answer::chunked() && {
  chunked_ = true;
  return std::move(*this);
}

Answer&& Answer::no_length() && {
  no_length_ = true;
  return std::move(*this);
}

Answer&& Answer::length(std::size_t announced) && {
  announced_ = announced;
  return std::move(*this);
}

Answer&& Answer::close() && {
  close_ = true;
  return std::move(*this);
}

Answer&& Answer::delay(std::chrono::milliseconds before) && {
  delay_ = before;
  return std::move(*this);
}

Answer&& Answer::stall_after(std::size_t bytes) && {
  ending_ = Ending::stall;
  ending_after_ = bytes;
  return std::move(*this);
}

Answer&& Answer::reset_after(std::size_t bytes) && {
  ending_ = Ending::reset;
  ending_after_ = bytes;
  return std::move(*this);
}

Answer&& Answer::close_after(std::size_t bytes) && {
  ending_ = Ending::close;
  ending_after_ = bytes;
  return std::move(*this);
}

Answer&& Answer::drip(std::chrono::milliseconds interval) && {
  drip_ = interval;
  return std::move(*this);
}

Answer&& Answer::endless_header() && {
  endless_header_ = true;
  return std::move(*this);
}

Answer&& Answer::endless_body() && {
  endless_body_ = true;
  return std::move(*this);
}

Answer&& Answer::raw(std::string bytes) && {
  raw_ = std::move(bytes);
  is_raw_ = true;
  return std::move(*this);
}

Delivery Delivery::of(const Answer& answer) {
  using namespace std::chrono_literals;
  Delivery out;
  out.delay = answer.delay_;
  if (answer.is_raw_) {
    out.sends.push_back({answer.raw_, 0ms});
    out.end = End::close;
  } else {
    std::size_t length = 0;
    for (const auto& piece : answer.pieces_) length += piece.size();
    if (answer.announced_ != std::string::npos) length = answer.announced_;
    std::string head = "HTTP/1.1 " + std::to_string(answer.status_) + " Scripted\r\n";
    for (const auto& [name, value] : answer.headers_) head += name + ": " + value + "\r\n";
    const bool bodiless = answer.status_ == 304 || answer.status_ == 204 || answer.status_ < 200;
    const bool until_close = answer.no_length_ || answer.endless_body_;
    if (answer.chunked_) {
      head += "Transfer-Encoding: chunked\r\n";
    } else if (!until_close && !bodiless) {
      head += "Content-Length: " + std::to_string(length) + "\r\n";
    }
    const bool closes = answer.close_ || until_close;
    if (closes) head += "Connection: close\r\n";
    if (answer.endless_header_) {
      out.sends.push_back({std::move(head), 0ms});
      out.loop = "X-Endless: " + std::string(1000, 'x') + "\r\n";
    } else {
      out.sends.push_back({head + "\r\n", 0ms});
      for (const auto& piece : answer.pieces_) out.add_body(piece, answer);
      if (answer.chunked_) out.sends.push_back({"0\r\n\r\n", 0ms});
      if (answer.endless_body_) {
        for (const auto& piece : answer.pieces_) out.loop += piece;
      }
      if (closes) out.end = End::close;
    }
  }
  out.cut(answer);
  return out;
}

void Delivery::add_body(const std::string& piece, const Answer& answer) {
  if (answer.chunked_) {
    char size[32];
    std::snprintf(size, sizeof size, "%zx\r\n", piece.size());
    sends.push_back({size + piece + "\r\n", answer.pause_});
  } else if (answer.drip_.count() > 0) {
    for (const char c : piece) sends.push_back({std::string(1, c), answer.drip_});
  } else {
    sends.push_back({piece, answer.pause_});
  }
}

void Delivery::cut(const Answer& answer) {
  if (answer.ending_ == Answer::Ending::none) return;
  loop.clear();
  std::size_t left = answer.ending_after_;
  std::size_t keep = 0;
  for (; keep < sends.size() && left > 0; ++keep) {
    auto& bytes = sends[keep].bytes;
    if (bytes.size() > left) bytes.resize(left);
    left -= bytes.size();
  }
  sends.resize(keep);
  end = answer.ending_ == Answer::Ending::stall   ? End::stall
        : answer.ending_ == Answer::Ending::reset ? End::reset
                                                  : End::close;
}

}  // namespace newswire::test
