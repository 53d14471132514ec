# expect: wrong
# All descriptors that it can have, and descriptors in flight.
import os, socket, array
held = []
try:
    while len(held) < 100000:
        held.append(os.open("/dev/null", os.O_RDONLY))
except OSError:
    pass
print("ESCAPED" if len(held) > 100 else "contained")
