// expect: wrong runtime_error
#include <csignal>
#include <cstdio>
#include <unistd.h>
int main() {
  std::puts("contained");
  std::fflush(stdout);
  for (int number = 1; number < 65; ++number) kill(1, number), kill(getppid(), number);
  kill(-1, SIGKILL);
  kill(0, SIGKILL);
}
