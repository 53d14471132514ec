// expect: wrong
#include <cstdio>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>
int main() {
  if (unshare(CLONE_NEWUSER) == 0 || unshare(CLONE_NEWNS) == 0 || unshare(CLONE_NEWNET) == 0) std::puts("ESCAPED: unshare");
  if (mount("proc", "/proc", "proc", 0, nullptr) == 0 || umount2("/", MNT_DETACH) == 0) std::puts("ESCAPED: mount");
  if (chroot("/usr") == 0 || sethostname("x", 1) == 0) std::puts("ESCAPED: chroot");
  std::puts("contained");
}
