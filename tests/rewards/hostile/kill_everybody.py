# expect: wrong runtime_error
# Signals to the init, the group, the session, the grader, and everybody.
import os, signal
canary, port, abstract, pid = input().split()
for target in [1, os.getppid(), int(pid), -int(pid)]:
    for number in [signal.SIGKILL, signal.SIGSTOP, signal.SIGTERM, signal.SIGSEGV]:
        try:
            os.kill(target, number)
        except OSError:
            pass
print("contained", flush=True)
os.kill(-1, signal.SIGKILL)
os.killpg(0, signal.SIGKILL)
