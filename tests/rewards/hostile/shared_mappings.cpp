// expect: wrong runtime_error time memory
// Memory that belongs to no process in particular, in many of them.
#include <cstdio>
#include <cstring>
#include <sys/mman.h>
#include <unistd.h>
int main() {
  for (int i = 0; i < 32; ++i)
    if (fork() == 0) break;
  for (int i = 0; i < 64; ++i) {
    void* p = mmap(nullptr, 8 << 20, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED) break;
    std::memset(p, 1, 8 << 20);
  }
  std::puts("contained");
}
