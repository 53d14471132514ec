# expect: wrong
# Fills /tmp with files; what it gets must be bounded.
import os
written, number, chunk = 0, 0, b"x" * (1 << 16)
try:
    while True:
        number += 1
        with open("/tmp/%d" % number, "wb", buffering=0) as file:
            try:
                for _ in range(12):
                    written += file.write(chunk)
            except OSError as error:
                if error.errno == 28:
                    raise
except OSError:
    pass
print("ESCAPED" if written > 17 << 20 else "contained")
