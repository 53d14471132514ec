# expect: wrong
# Leaves files where shared memory lives; System V and POSIX objects.
import ctypes
open("/dev/shm/hone-left-behind", "w").write("x")
libc = ctypes.CDLL(None, use_errno=True)
if libc.shmget(0x1234, 4096, 0o1666) >= 0 or libc.msgget(0x1234, 0o1666) >= 0 or libc.semget(0x1234, 1, 0o1666) >= 0:
    print("ESCAPED: System V")
if libc.syscall(319, b"x", 0) >= 0:
    print("ESCAPED: memfd")
if libc.syscall(240, b"queue", 0o102, 0o666, None) >= 0:
    print("ESCAPED: message queue")
print("contained")
