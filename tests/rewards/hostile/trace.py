# expect: wrong
# Takes hold of the init: ptrace, its memory, its descriptors.
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
canary, port, abstract, pid = input().split()
buffer = ctypes.create_string_buffer(64)
class Iovec(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("size", ctypes.c_size_t)]
local, remote = Iovec(ctypes.addressof(buffer), 64), Iovec(0x555555554000, 64)
for target in [1, os.getppid(), int(pid)]:
    for request in [16, 0x4206]:  # PTRACE_ATTACH, PTRACE_SEIZE
        if libc.ptrace(request, target, 0, 0) == 0:
            print("ESCAPED: ptrace", target)
    if libc.process_vm_readv(target, ctypes.byref(local), 1, ctypes.byref(remote), 1, 0) > 0:
        print("ESCAPED: readv", target)
    if libc.process_vm_writev(target, ctypes.byref(local), 1, ctypes.byref(remote), 1, 0) > 0:
        print("ESCAPED: writev", target)
    pidfd = libc.syscall(434, target, 0)
    if pidfd >= 0:
        print("ESCAPED: pidfd", target)
print("contained")
