// expect: runtime_error wrong
// System calls by the 32-bit entry and by x32 numbers, which filters by number alone would let through.
#include <cstdio>
#include <cstdlib>
#include <unistd.h>
#include <sys/wait.h>
int main() {
  std::puts("contained");
  std::fflush(stdout);
  const pid_t child = fork();
  if (child <= 0) {
    if (syscall(0x40000000 + 41, 2, 1, 0) >= 0) std::puts("ESCAPED: x32 socket");
    std::fflush(stdout);
    _exit(0);
  }
  wait(nullptr);
  long result = 359;  // socket of i386
  asm volatile("int $0x80" : "+a"(result) : "b"(2), "c"(1), "d"(0) : "memory");
  if (result >= 0) std::puts("ESCAPED: int 0x80");
}
