# expect: wrong
# Other processes, by pid and by listing; the init's memory, descriptors and root.
import os
canary, port, abstract, pid = input().split()
me = {str(os.getpid()), "self", "thread-self"}
others = [name for name in os.listdir("/proc") if name not in me]
if others:
    print("ESCAPED: sees", others)
for path in ["/proc/1/mem", "/proc/1/maps", "/proc/1/environ", "/proc/1/root/etc", "/proc/1/fd", "/proc/%s/environ" % pid,
             "/proc/%s/mem" % pid, "/proc/%s/fd" % pid, "/proc/sys/kernel/core_pattern", "/proc/kcore", "/proc/sysrq-trigger",
             "/proc/kmsg", "/proc/keys", "/proc/mounts/../1/cwd"]:
    try:
        os.listdir(path) if os.path.isdir(path) else open(path, "rb").read(1)
        print("ESCAPED", path)
    except OSError:
        pass
print("contained")
