#include "feed/parse.h"

#include "base/text.h"
#include "feed/detail/cdata.h"
#include "feed/detail/decode.h"
#include "feed/detail/doctype.h"
#include "feed/detail/double_encoding.h"
#include "feed/detail/json_reader.h"
#include "feed/detail/json_repair.h"
#include "feed/detail/markup.h"
#include "feed/detail/reader.h"
#include "feed/detail/repair.h"
#include "feed/detail/sniff.h"
#include "feed/detail/tree.h"
#include "feed/detail/writer.h"

namespace newswire::feed {

using namespace detail;

/// One document on its way from bytes to a reader, with the memory it needs.
class Parser::Document {
 public:
  /// Opens `bytes`. The reader lives until the next call.
  std::optional<Error> open(std::string_view bytes, const ParseOptions& options) {
    reader_.reset();
    repairs_.clear();
    if (bytes.size() > kLargest)
      return Error{Errc::too_large, "the document is over " + std::to_string(kLargest >> 20U) + " MiB"};
    if (auto wrong = refuse_binary(bytes)) return wrong;
    notes_ = decode(bytes, options.content_type, buffer_, text_, encoding_, repairs_);
    const std::string_view body = trim(text_);
    if (body.empty())
      return Error{Errc::empty, bytes.empty() ? "the document is empty" : "the document holds nothing but white space"};
    if (body.front() == '{' || body.front() == '[') return open_as_json(body, options);
    return open_as_xml(options);
  }

  void read_feed(Feed& feed) {
    reader_->read_feed(feed);
    feed.encoding = encoding_;
    feed.repairs = repairs_;
    if (notes_.double_encoded) undo_double_encoding(feed, notes_.had_controls);
  }
  bool next(Entry& entry) {
    if (!reader_->next(entry)) return false;
    if (notes_.double_encoded) undo_double_encoding(entry, notes_.had_controls);
    return true;
  }
  [[nodiscard]] std::size_t count() const { return reader_->count(); }
  Entry& scratch() { return entry_; }

 private:
  static constexpr std::size_t kLargest = std::size_t{1} << 30U;

  std::optional<Error> open_as_json(std::string_view body, const ParseOptions& options) {
    bool lenient = false;
    auto opened = open_json(body, options, lenient);
    if (opened && lenient) repairs_.emplace_back("comments, commas or other text that JSON does not have");
    if (!opened) {
      auto repaired = repair_json(body);
      if (repaired.repairs.empty()) return opened.error();
      auto again = open_json(repaired.text, options, lenient);
      if (!again) return opened.error();
      opened = std::move(again);
      repairs_.insert(repairs_.end(), repaired.repairs.begin(), repaired.repairs.end());
    }
    reader_ = *std::move(opened);
    return std::nullopt;
  }

  std::optional<Error> open_as_xml(const ParseOptions& options) {
    if (!declares_entities(text_) && !swallows_items(text_) && load(text_, xml::References::refuse) && is_alone()) {
      reader_ = open_xml(tree_, options);
      if (reader_) return std::nullopt;
    }
    auto repaired = repair(text_);
    if (load(repaired.text, xml::References::keep)) reader_ = open_xml(tree_, options);
    if (!reader_) return explain(text_, options);
    repairs_.insert(repairs_.end(), repaired.repairs.begin(), repaired.repairs.end());
    return std::nullopt;
  }

  // In place, in a copy: the original is needed again if this fails.
  bool load(std::string_view text, xml::References references) {
    work_.clear();  // nothing of it is worth copying when it has to grow
    work_.assign(text);
    return tree_.parse(work_.data(), work_.size(), references);
  }

  // Nothing before, behind or beside the root, which the tree takes without a word.
  [[nodiscard]] bool is_alone() const {
    const auto body = trim(text_);
    return body.front() == '<' && body.back() == '>' && !tree_.first_child().next_sibling();
  }

  std::string buffer_;
  std::string_view text_;  ///< of buffer_ or of the bytes that are open
  std::string work_;
  std::string encoding_;
  std::vector<std::string> repairs_;
  DecodeNotes notes_;
  xml::Document tree_;
  std::unique_ptr<DocumentReader> reader_;
  Entry entry_;
};

Parser::Parser() : document_(std::make_unique<Document>()) {}
Parser::~Parser() = default;

Result<Feed> Parser::parse(std::string_view bytes, const ParseOptions& options) {
  if (auto wrong = document_->open(bytes, options)) return *std::move(wrong);
  Feed feed;
  document_->read_feed(feed);
  feed.entries.reserve(document_->count() + 1);
  while (true) {
    auto& entry = feed.entries.emplace_back();
    if (!document_->next(entry)) break;
  }
  feed.entries.pop_back();
  return feed;
}

std::optional<Error> Parser::append_json(std::string& out, std::string_view bytes, const ParseOptions& options,
                                         const std::function<void(std::string&)>& drain) {
  if (auto wrong = document_->open(bytes, options)) return wrong;
  Feed feed;
  document_->read_feed(feed);
  JsonWriter json(out);
  json.begin_object();
  write_feed_head(json, feed);
  json.key("items").begin_array();
  auto& entry = document_->scratch();
  while (true) {
    clear(entry);
    if (!document_->next(entry)) break;
    write_entry(json, entry);
    if (drain) drain(out);
  }
  json.end_array();
  json.end_object();
  return std::nullopt;
}

Result<Feed> parse(std::string_view bytes, const ParseOptions& options) { return Parser().parse(bytes, options); }

}  // namespace newswire::feed
