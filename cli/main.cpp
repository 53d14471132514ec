// The program: the standard streams and arguments, handed to run_cli().
#include <iostream>

#include "cli/app.h"

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  return hone::run_cli({argv + 1, argv + argc}, {std::cin, std::cout, std::cerr});
}
