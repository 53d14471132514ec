# expect: wrong
# Looks for the expected output, which begins with SECRET-, everywhere it can read, and prints it.
import gc, os, re, sys
found = set()
def look(data):
    found.update(re.findall(rb"SECRET-[0-9a-f]{16}", data))
for line in open("/proc/self/maps"):
    begin, end = (int(x, 16) for x in line.split()[0].split("-"))
    try:
        with open("/proc/self/mem", "rb") as memory:
            memory.seek(begin)
            look(memory.read(min(end - begin, 1 << 26)))
    except (OSError, ValueError, OverflowError):
        pass
for folder in ["/box", "/tmp", "/dev/shm", "/etc", "/proc/self", "/proc/self/fd", "/proc/self/task"]:
    for name in os.listdir(folder):
        try:
            fd = os.open(os.path.join(folder, name), os.O_RDONLY | os.O_NONBLOCK)
            look(os.read(fd, 1 << 22))
            os.close(fd)
        except OSError:
            pass
look(repr(os.environ).encode() + repr(sys.argv).encode())
for fd in range(64):
    try:
        look(os.pread(fd, 1 << 22, 0))
    except OSError:
        pass
print(next(iter(found)).decode() if found else "contained")
