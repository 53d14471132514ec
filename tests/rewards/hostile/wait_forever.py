# expect: time runtime_error
# Asleep in ways that are not sleeping: a pipe that nobody writes, a stopped process.
import os, signal
read, write = os.pipe()
os.kill(os.getpid(), signal.SIGSTOP)
os.read(read, 1)
