// What feed_whole.py holds `newswirectl parse` against: a process that reads files and does nothing but load_buffer.
#include <cstdio>
#include <fstream>
#include <pugixml.hpp>
#include <string>

int main(int count, char** names) {
  std::size_t parsed = 0;
  for (int i = 1; i < count; ++i) {
    std::ifstream in(names[i], std::ios::binary | std::ios::ate);
    std::string bytes(static_cast<std::size_t>(in.tellg()), '\0');
    in.seekg(0);
    in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    pugi::xml_document tree;
    if (tree.load_buffer(bytes.data(), bytes.size())) ++parsed;
  }
  std::printf("%zu\n", parsed);
}
