// expect: runtime_error memory
// More than it may have before it has begun.
#include <cstdio>
static char room[1u << 31];
int main(int argc, char**) {
  room[argc] = 1;
  std::printf("%d", room[7]);
}
