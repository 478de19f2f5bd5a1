#include "clean/detail/rule_codec.h"

#include <algorithm>
#include <map>

namespace newswire::clean {
namespace {

// Numbers are LEB128, texts and lists begin with their size.
class Writer {
 public:
  void number(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) out_ += static_cast<char>(0x80 | (value & 0x7F));
    out_ += static_cast<char>(value);
  }
  void text(std::string_view text) {
    number(text.size());
    out_ += text;
  }
  void texts(const std::vector<std::string>& list) {
    number(list.size());
    for (const auto& one : list) text(one);
  }
  void written(const Written& one) {
    text(one.text);
    number(static_cast<std::uint64_t>(one.line));
    number(static_cast<std::uint64_t>(one.column));
  }
  void written(const std::vector<Written>& list) {
    number(list.size());
    for (const auto& one : list) written(one);
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; !rest_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) break;
    }
    return value;
  }
  template <class Number>
  Number as() {
    return static_cast<Number>(number());
  }
  std::string text() {
    const auto size = number();
    std::string out(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return out;
  }
  template <class Element, class Read>
  std::vector<Element> list(Read read) {
    std::vector<Element> out(number());
    for (auto& one : out) one = read();
    return out;
  }
  std::vector<std::string> texts() {
    return list<std::string>([this] { return text(); });
  }
  Written written() {
    Written one;
    one.text = text();
    one.line = as<int>();
    one.column = as<int>();
    return one;
  }
  std::vector<Written> written_list() {
    return list<Written>([this] { return written(); });
  }

 private:
  std::string_view rest_;
};

// What the patterns of all rules require, each string once.
class Atoms {
 public:
  void add(const RuleDraft& draft) {
    for (const auto& pattern : draft.patterns) {
      for (const auto& strings : required_text(pattern.text)) {
        for (const auto& text : strings) ids_.emplace(text, 0);
      }
    }
  }
  void write(Writer& out) {
    out.number(ids_.size());
    std::uint32_t next = 0;
    for (auto& [text, id] : ids_) {
      id = next++;
      out.text(text);
    }
  }
  void write_required(Writer& out, const RuleDraft& draft) const {
    for (const auto& pattern : draft.patterns) {
      const auto shape = shape_of(pattern.text);
      out.number(shape.first);
      out.number(shape.least);
      out.number(shape.most);
      const auto required = required_text(pattern.text);
      out.number(required.size());
      for (const auto& strings : required) {
        out.number(strings.size());
        for (const auto& text : strings) out.number(ids_.at(text));
      }
    }
  }

 private:
  std::map<std::string, std::uint32_t> ids_;
};

PhraseSet::Required read_required(Reader& in) {
  PhraseSet::Required required;
  required.shape.first = in.number();
  required.shape.least = in.as<std::uint32_t>();
  required.shape.most = in.as<std::uint32_t>();
  required.clauses =
      in.list<PhraseSet::Clause>([&in] { return in.list<std::uint32_t>([&in] { return in.as<std::uint32_t>(); }); });
  return required;
}

void write(Writer& out, const RuleDraft& draft, const Atoms& atoms) {
  out.text(draft.info.name);
  out.text(draft.info.category);
  out.texts(draft.info.languages);
  out.text(draft.info.where);
  out.text(draft.info.source);
  out.text(draft.file);
  out.texts(draft.kinds);
  out.number(draft.where);
  out.number(static_cast<std::uint64_t>(draft.takes));
  out.number(draft.max_words);
  out.number(draft.linked ? 1 : 0);
  out.number(draft.disabled ? 1 : 0);
  out.written(draft.patterns);
  out.written(draft.selectors);
  atoms.write_required(out, draft);
}

RuleDraft read_draft(Reader& in) {
  RuleDraft draft;
  draft.info.name = in.text();
  draft.info.category = in.text();
  draft.info.languages = in.texts();
  draft.info.where = in.text();
  draft.info.source = in.text();
  draft.file = in.text();
  draft.kinds = in.texts();
  draft.where = in.as<std::uint8_t>();
  draft.takes = in.as<Takes>();
  draft.max_words = in.as<std::uint32_t>();
  draft.linked = in.number() != 0;
  draft.disabled = in.number() != 0;
  draft.known_good = true;
  draft.patterns = in.written_list();
  draft.selectors = in.written_list();
  for (std::size_t i = 0; i < draft.patterns.size(); ++i) draft.required.push_back(read_required(in));
  return draft;
}

}  // namespace

std::string encode_rules(const RuleSource& source) {
  Writer out;
  Atoms atoms;
  for (const auto& draft : source.drafts) atoms.add(draft);
  atoms.write(out);
  out.number(source.drafts.size());
  for (const auto& draft : source.drafts) write(out, draft, atoms);
  out.number(source.title_guards.size());
  for (const auto& guard : source.title_guards) {
    out.text(guard.category);
    out.text(guard.file);
    out.written(guard.pattern);
  }
  out.number(source.parameters.size());
  for (const auto& parameter : source.parameters) {
    out.text(parameter.name);
    out.number(parameter.prefix ? 1 : 0);
    out.texts(parameter.hosts);
  }
  out.number(source.wrappers.size());
  for (const auto& wrapper : source.wrappers) {
    out.text(wrapper.host);
    out.text(wrapper.path);
    out.text(wrapper.parameter);
  }
  return out.take();
}

RuleSource decode_rules(std::string_view bytes) {
  Reader in(bytes);
  RuleSource source;
  source.atoms = in.texts();
  source.drafts = in.list<RuleDraft>([&in] { return read_draft(in); });
  source.title_guards = in.list<TitleGuard>([&in] {
    TitleGuard guard;
    guard.category = in.text();
    guard.file = in.text();
    guard.pattern = in.written();
    guard.known_good = true;
    return guard;
  });
  source.parameters = in.list<ParameterRule>([&in] {
    ParameterRule parameter;
    parameter.name = in.text();
    parameter.prefix = in.number() != 0;
    parameter.hosts = in.texts();
    return parameter;
  });
  source.wrappers = in.list<WrapperRule>([&in] {
    WrapperRule wrapper;
    wrapper.host = in.text();
    wrapper.path = in.text();
    wrapper.parameter = in.text();
    return wrapper;
  });
  return source;
}

}  // namespace newswire::clean
