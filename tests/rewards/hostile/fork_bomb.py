# expect: time runtime_error wrong
# Forks without end.
import os
while True:
    try:
        os.fork()
    except OSError:
        pass
