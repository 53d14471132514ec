# expect: wrong runtime_error
# A daemon in a session of its own that would outlive its parent and leave a mark.
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for fd in range(3):
            os.close(fd)
        while True:
            time.sleep(0.05)
            open("/tmp/hone-alive", "w").close()
    os._exit(0)
print("contained")
