#include "config/detail/yaml_tree.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <istream>
#include <streambuf>
#include <unordered_map>
#include <unordered_set>

namespace newswire::config::detail {
namespace {

constexpr std::size_t kMaxDepth = 64;
constexpr std::size_t kMaxEntries = 100'000;
constexpr std::uint64_t kMaxNodes = 20'000'000;
constexpr std::size_t kLinearSearch = 16;  // entries of a map up to which a scan finds a repeated key faster than a set

Place place_of(const YAML::Mark& mark) {
  if (mark.line < 0) return {};
  return {static_cast<std::uint32_t>(mark.line) + 1, static_cast<std::uint32_t>(mark.column) + 1};
}

/// Stops yaml-cpp's parser from inside an event; caught in read_yaml().
struct Stop {
  Problem problem;
};

/// Builds the tree from the parser's events.
class Builder : public YAML::EventHandler {
 public:
  Builder(const std::function<void(const NodePtr&)>& on_feed, std::vector<Problem>& problems)
      : on_feed_(on_feed), problems_(problems) {}

  NodePtr root() const { return root_; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (root_) throw Stop{{place_of(mark), Errc::invalid, "a second YAML document (\"---\") in one file"}};
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { add(start(Node::Kind::null, mark, anchor)); }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) throw Stop{{place_of(mark), Errc::invalid, "an alias inside the node that it names"}};
    count(found->second.weight, place_of(mark));
    add(found->second.node);
  }

  void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor, const std::string& value) override {
    auto node = start(Node::Kind::scalar, mark, anchor);
    node->text = value;
    add(std::move(node));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(Node::Kind::sequence, mark, anchor);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(Node::Kind::map, mark, anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Frame {
    std::shared_ptr<Node> node;
    YAML::anchor_t anchor = 0;
    std::uint64_t nodes_before = 0;
    bool feeds = false;  ///< the list whose items are handed out
    NodePtr key;         ///< of a map: waiting for its value
    std::unordered_set<std::string_view> keys;
  };
  struct Anchored {
    NodePtr node;
    std::uint64_t weight;
  };

  void count(std::uint64_t weight, Place place) {
    nodes_ += weight;
    if (nodes_ > kMaxNodes) throw Stop{{place, Errc::too_large, "too much YAML (20 million nodes, aliases expanded)"}};
  }

  std::shared_ptr<Node> start(Node::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor) {
    auto node = std::make_shared<Node>();
    node->kind = kind;
    node->place = place_of(mark);
    count(1, node->place);
    if (anchor != 0) anchors_[anchor] = {node, 1};
    return node;
  }

  void open(Node::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (stack_.size() >= kMaxDepth) throw Stop{{place_of(mark), Errc::too_large, "nested deeper than 64 levels"}};
    Frame frame;
    frame.nodes_before = nodes_;
    frame.node = start(kind, mark, 0);
    frame.anchor = anchor;
    frame.feeds = kind == Node::Kind::sequence &&
                  (stack_.empty() || (stack_.size() == 1 && stack_[0].key && stack_[0].key->text == "feeds"));
    stack_.push_back(std::move(frame));
  }

  void close() {
    auto frame = std::move(stack_.back());
    stack_.pop_back();
    if (frame.node->is_map()) merge(*frame.node);
    // An anchor counts only now: an alias inside its own node would be a cycle.
    if (frame.anchor != 0) anchors_[frame.anchor] = {frame.node, nodes_ - frame.nodes_before};
    add(std::move(frame.node));
  }

  void add(NodePtr node) {
    if (stack_.empty()) {
      root_ = std::move(node);
      return;
    }
    auto& parent = stack_.back();
    if (parent.feeds) {
      on_feed_(node);
    } else if (parent.node->is_sequence()) {
      parent.node->items.push_back(std::move(node));
    } else if (!parent.key) {
      if (!node->is_scalar()) throw Stop{{node->place, Errc::invalid, "a key must be a plain word"}};
      parent.key = std::move(node);
    } else {
      add_entry(parent, std::move(node));
    }
  }

  void add_entry(Frame& parent, NodePtr value) {
    auto key = std::move(parent.key);
    parent.key = nullptr;
    auto& entries = parent.node->entries;
    if (const auto* first = earlier(parent, key->text); first != nullptr) {
      problems_.push_back(
          {key->place, Errc::invalid,
           "key \"" + key->text + "\" is here twice, first in line " + std::to_string(first->place.line)});
      return;
    }
    if (entries.size() >= kMaxEntries) throw Stop{{key->place, Errc::too_large, "more than 100,000 keys in one place"}};
    entries.emplace_back(std::move(key), std::move(value));
    const auto& text = entries.back().first->text;
    if (entries.size() == kLinearSearch) {
      for (const auto& entry : entries) parent.keys.insert(entry.first->text);
    } else if (entries.size() > kLinearSearch) {
      parent.keys.insert(text);
    }
  }

  static const Node* earlier(const Frame& frame, std::string_view key) {
    const auto& entries = frame.node->entries;
    if (entries.size() >= kLinearSearch && !frame.keys.contains(key)) return nullptr;
    const auto found =
        std::find_if(entries.begin(), entries.end(), [&](const auto& entry) { return entry.first->text == key; });
    return found == entries.end() ? nullptr : found->first.get();
  }

  /// "<<": entries of the named maps that the map does not have itself (YAML merge key, type tag:yaml.org,2002:merge).
  void merge(Node& map) {
    const auto found = std::find_if(map.entries.begin(), map.entries.end(),
                                    [](const auto& entry) { return entry.first->text == "<<"; });
    if (found == map.entries.end()) return;
    const auto value = found->second;
    map.entries.erase(found);
    std::unordered_set<std::string_view> known;
    for (const auto& entry : map.entries) known.insert(entry.first->text);
    const auto take = [&](const NodePtr& from) {
      if (!from->is_map()) {
        problems_.push_back({value->place, Errc::invalid, "\"<<\" merges maps only"});
        return;
      }
      count(from->entries.size(), from->place);
      for (const auto& entry : from->entries) {
        if (known.insert(entry.first->text).second) map.entries.push_back(entry);
      }
    };
    if (value->is_sequence()) {
      std::for_each(value->items.begin(), value->items.end(), take);
    } else {
      take(value);
    }
  }

  const std::function<void(const NodePtr&)>& on_feed_;
  std::vector<Problem>& problems_;
  std::vector<Frame> stack_;
  std::unordered_map<YAML::anchor_t, Anchored> anchors_;
  NodePtr root_;
  std::uint64_t nodes_ = 0;
};

/// A stream over memory that is not copied.
class ViewBuffer : public std::streambuf {
 public:
  explicit ViewBuffer(std::string_view text) {
    auto* begin = const_cast<char*>(text.data());  // std::streambuf has no const get area; nothing here writes
    setg(begin, begin, begin + text.size());
  }
};

void append_fingerprint(const Node& node, std::string& out) {
  switch (node.kind) {
    case Node::Kind::null: out += '~'; return;
    case Node::Kind::scalar: out += std::to_string(node.text.size()) + ':' + node.text; return;
    case Node::Kind::sequence:
      out += '[';
      for (const auto& item : node.items) append_fingerprint(*item, out);
      out += ']';
      return;
    case Node::Kind::map: {
      std::vector<std::string> parts;
      parts.reserve(node.entries.size());
      for (const auto& [key, value] : node.entries) {
        std::string part;
        append_fingerprint(*key, part);
        append_fingerprint(*value, part);
        parts.push_back(std::move(part));
      }
      std::sort(parts.begin(), parts.end());
      out += '{';
      for (const auto& part : parts) out += part;
      out += '}';
      return;
    }
  }
}

}  // namespace

const Node* Node::find(std::string_view key) const {
  for (const auto& [name, value] : entries) {
    if (name->text == key) return value.get();
  }
  return nullptr;
}

NodePtr read_yaml(std::string_view text, const std::function<void(const NodePtr&)>& on_feed,
                  std::vector<Problem>& problems) {
  Builder builder(on_feed, problems);
  try {
    ViewBuffer buffer(text);
    std::istream stream(&buffer);
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const Stop& stop) {
    problems.push_back(stop.problem);
    return nullptr;
  } catch (const YAML::Exception& exception) {
    auto what = "not YAML: " + exception.msg;
    const auto at = exception.mark.pos;
    if (at >= 0 && static_cast<std::size_t>(at) < text.size() && text[static_cast<std::size_t>(at)] == '?') {
      what += "; inside { } or [ ] a value with \"?\" stands in double quotes";
    }
    problems.push_back({place_of(exception.mark), Errc::invalid, std::move(what)});
    return nullptr;
  }
  if (!builder.root()) return std::make_shared<Node>();
  return builder.root();
}

std::string fingerprint(const Node& node) {
  std::string out;
  append_fingerprint(node, out);
  return out;
}

}  // namespace newswire::config::detail
