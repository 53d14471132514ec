# expect: wrong runtime_error time
# Children that end and are never waited for, until there is no room for one more.
import os, time
try:
    for _ in range(1000):
        if os.fork() == 0:
            os._exit(0)
except OSError:
    pass
print("contained")
