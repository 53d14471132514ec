// expect: wrong
#include <cstdio>
#include <fcntl.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <unistd.h>
int main() {
  if (ptrace(PTRACE_SEIZE, getppid(), 0, 0) == 0 || ptrace(PTRACE_ATTACH, 1, 0, 0) == 0) std::puts("ESCAPED: ptrace");
  char buffer[8];
  iovec local{buffer, 8}, remote{reinterpret_cast<void*>(0x7ffffffde000), 8};
  if (process_vm_writev(1, &local, 1, &remote, 1, 0) > 0) std::puts("ESCAPED: writev");
  if (open("/proc/1/mem", O_RDWR) >= 0) std::puts("ESCAPED: mem");
  if (ptrace(PTRACE_TRACEME, 0, 0, 0) == 0) std::puts("ESCAPED: traceme");
  std::puts("contained");
}
