# expect: wrong
# Writes what the supervisor would report to every descriptor there might be, and sends it.
import os, socket, struct
report = struct.pack("<IIiiIQQ32s", 3, 0, 0, 0, 0, 0, 0, b"") + struct.pack("<I", 4)
for fd in range(3, 1024):
    for attempt in (lambda: os.write(fd, report), lambda: socket.socket(fileno=fd).send(report)):
        try:
            attempt()
            print("ESCAPED", fd)
        except OSError:
            pass
print("contained")
