// expect: wrong
// The program and what runs it.
#include <cstdio>
#include <initializer_list>
#include <fcntl.h>
#include <unistd.h>
int main() {
  for (const char* path : {"/proc/self/exe", "/box/native", "/box/warm_python.py", "/usr/bin/python3", "/etc/ld.so.cache", "/proc/1/exe"})
    if (open(path, O_WRONLY) >= 0 || truncate(path, 0) == 0 || unlink(path) == 0) std::printf("ESCAPED: %s\n", path);
  std::puts("contained");
}
