// Build tool: embed_rules OUTPUT FILE… writes a C++ source that holds the rule files as rules are built in.
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "clean/detail/rule_codec.h"
#include "clean/detail/rules_read.h"

namespace {

using namespace newswire::clean;

constexpr std::size_t kLine = 32;  // bytes

// Octal escapes of always three digits: what follows a shorter one could be taken for a part of it.
void write_literal(std::ostream& out, std::string_view bytes) {
  for (std::size_t at = 0; at < bytes.size(); at += kLine) {
    out << "\n    \"";
    for (const char c : bytes.substr(at, kLine)) {
      const auto byte = static_cast<unsigned char>(c);
      out << '\\' << static_cast<char>('0' + (byte >> 6)) << static_cast<char>('0' + ((byte >> 3) & 7))
          << static_cast<char>('0' + (byte & 7));
    }
    out << '"';
  }
}

int run(const std::string& output, const std::vector<std::filesystem::path>& paths) {
  std::vector<RuleText> files;
  for (const auto& path : paths) {
    std::ifstream in(path, std::ios::binary);
    std::string text((std::istreambuf_iterator<char>(in)), {});
    if (!in) {
      std::cerr << path.string() << ": cannot read the rule file\n";
      return 1;
    }
    files.push_back({path.filename().string(), std::move(text)});
  }
  RuleSource source;
  if (const auto read = read_rules(files, source); !read) {
    std::cerr << to_string(read.error()) << '\n';
    return 1;
  }
  const auto bytes = encode_rules(source);
  std::ofstream out(output, std::ios::binary);
  out << "#include \"clean/detail/rule_codec.h\"\n\n#pragma GCC diagnostic ignored \"-Woverlength-strings\"\n\n"
         "namespace newswire::clean {\nnamespace {\n\nconstexpr char kRules[] =";
  write_literal(out, bytes);
  out << ";\n\n}  // namespace\n\nstd::string_view built_in_rules() noexcept { return {kRules, sizeof kRules - 1}; "
         "}\n\n"
         "}  // namespace newswire::clean\n";
  return out.flush() ? 0 : 1;
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 3) {
    std::cerr << "usage: embed_rules OUTPUT FILE…\n";
    return 2;
  }
  try {
    return run(arguments[1], {arguments + 2, arguments + count});
  } catch (const std::exception& wrong) {
    std::cerr << "embed_rules: " << wrong.what() << '\n';
    return 1;
  }
}
