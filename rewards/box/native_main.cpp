// The program that a sandbox starts. Alone it serves compilers and compiled programs; with a command it
// prepares the process for the interpreter that will do the same for Python: native [PROGRAM ARGUMENT...]
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <unistd.h>

#include "rewards/box/serve.h"

int main(int, char** argv) {
  // The layout of a process is fixed by the stack limit at exec and by randomisation. Addresses should not
  // differ between runs: they show in messages and in the order of sets.
  constexpr rlim_t kStack = rlim_t{256} << 20;
  const rlimit stack = {kStack, kStack};
  if (setrlimit(RLIMIT_STACK, &stack) || personality(ADDR_NO_RANDOMIZE) < 0) {
    fprintf(stderr, "stack limit or personality: %s\n", strerror(errno));
    return 1;
  }
  if (argv[1]) {
    execv(argv[1], argv + 1);
    fprintf(stderr, "%s: %s\n", argv[1], strerror(errno));
    return 1;
  }
  hone::box::serve(hone::box::kControl);
}
