// Handles every article at least once, over restarts of either side: a named consumer of newswired.
// Build: c++ -std=c++17 -O2 consumer.cpp -o consumer
// Usage: consumer NAME [SOCKET]. Prints lines; put your own work into handle().
#include <newswire/client.h>

#include <iostream>
#include <thread>

namespace {

void handle(std::string_view article) { std::cout << article << std::endl; }

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "usage: consumer NAME [SOCKET]\n";
    return 64;
  }
  const std::string path = argc > 2 ? argv[2] : "/run/newswire/articles.sock";
  for (;;) {
    try {
      newswire::Client client(path);
      client.subscribe("\"consumer\":\"" + std::string(argv[1]) + "\"");
      for (;;) {
        const auto article = client.next();
        handle(article);
        // Only now is it done. If this program dies before, the article comes again.
        client.ack(newswire::Client::seq_of(article));
      }
    } catch (const newswire::Refused& refused) {
      std::cerr << "newswired: " << refused.what() << '\n';
      return 1;
    } catch (const std::system_error& error) {
      std::cerr << error.what() << "; trying again\n";
    }
    std::this_thread::sleep_for(std::chrono::seconds(1));
  }
}
