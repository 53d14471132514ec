# expect: wrong
import os, resource
for name in dir(resource):
    if name.startswith("RLIMIT_"):
        soft, hard = resource.getrlimit(getattr(resource, name))
        if hard == resource.RLIM_INFINITY:
            continue
        try:
            resource.setrlimit(getattr(resource, name), (hard + 1, hard + 1))
            print("ESCAPED", name)
        except (OSError, ValueError):
            pass
for attempt in (lambda: os.nice(-5), lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)), lambda: os.setuid(0),
                lambda: os.setgid(0), lambda: os.setgroups([0]), lambda: os.chown("/tmp", 0, 0), lambda: os.mknod("/tmp/sda", 0o060600, 0x800)):
    try:
        attempt()
        print("ESCAPED")
    except OSError:
        pass
print("contained")
