// expect: wrong runtime_error
#include <cstdio>
#include <unistd.h>
int main() {
  if (fork() == 0) {
    setsid();
    if (fork() == 0)
      for (;;) usleep(1000);
    _exit(0);
  }
  std::puts("contained");
}
