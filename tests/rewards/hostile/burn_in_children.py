# expect: time runtime_error wrong
# Leaves the work to children that nobody waits for, and sleeps.
import os, signal, time
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for _ in range(8):
    if os.fork() == 0:
        while True:
            pass
time.sleep(1000)
