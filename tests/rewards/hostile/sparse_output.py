# expect: output_limit runtime_error wrong
# Claims terabytes without writing them.
import os
for size in [1 << 40, 1 << 30]:
    try:
        os.ftruncate(1, size)
        print("ESCAPED")
    except OSError:
        pass
os.lseek(1, 1 << 40, 0)
try:
    os.write(1, b"x")
    print("ESCAPED")
except OSError:
    pass
os.lseek(1, 0, 0)
print("contained")
