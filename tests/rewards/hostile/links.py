# expect: wrong
# Links out of the sandbox, in every direction.
import os
canary, port, abstract, pid = input().split()
for name, target in [("a", canary), ("b", "/etc/shadow"), ("c", "/proc/1/root/etc/passwd"), ("d", "../../../../" + canary), ("e", "/proc/self/root" + canary)]:
    os.symlink(target, "/tmp/" + name)
    for mode in ["r", "a"]:
        try:
            open("/tmp/" + name, mode).close()
            print("ESCAPED", target, mode)
        except OSError:
            pass
for target in ["/usr/bin/true", "/box/native", "/etc/ld.so.cache"]:
    for attempt in (lambda: os.link(target, "/tmp/hard"), lambda: os.rename(target, "/tmp/moved"), lambda: os.unlink(target),
                    lambda: os.chmod(target, 0o777), lambda: open(target, "r+b")):
        try:
            attempt()
            print("ESCAPED", target)
        except OSError:
            pass
os.symlink("/etc/shadow", "/tmp/program")
print("contained")
