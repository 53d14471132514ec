# expect: memory runtime_error time wrong
# The same in as many processes as there may be.
import os
try:
    for _ in range(64):
        if os.fork() == 0:
            break
except OSError:
    pass
kept = []
try:
    while True:
        kept.append(bytearray(b"x" * (1 << 22)))
except MemoryError:
    pass
print("contained")
