// The program: the standard streams and arguments, handed to run_cli().
#include <csignal>
#include <iostream>

#include "cli/app.h"

int main(int argc, char** argv) {
  std::signal(SIGXFSZ, SIG_IGN);  // a file size limit is then a failed write, which has a message, like a full disk
  std::ios::sync_with_stdio(false);
  return hone::run_cli({argv + 1, argv + argc}, {std::cin, std::cout, std::cerr});
}
