// expect: wrong
#include <cstdio>
#include <initializer_list>
#include <sys/socket.h>
int main() {
  for (int family = 0; family < 46; ++family)
    for (int type = 1; type < 11; ++type)
      if (socket(family, type, 0) >= 0) std::printf("ESCAPED: socket %d %d\n", family, type);
  int pair[2];
  for (int family : {2, 10, 16, 30, 40})
    if (socketpair(family, SOCK_STREAM, 0, pair) == 0) std::printf("ESCAPED: pair %d\n", family);
  std::puts("contained");
}
