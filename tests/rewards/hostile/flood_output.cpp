// expect: output_limit
#include <csignal>
#include <unistd.h>
int main() {
  signal(SIGXFSZ, SIG_IGN);
  static char text[1 << 16];
  for (;;) (void)!write(1, text, sizeof text);
}
