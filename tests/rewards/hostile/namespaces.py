# expect: wrong
# New namespaces and mounts, which are what most ways out begin with.
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
for flag in [0x10000000, 0x00020000, 0x40000000, 0x20000000, 0x08000000, 0x04000000, 0x02000000, 0x80]:
    if libc.unshare(flag) == 0:
        print("ESCAPED: unshare %#x" % flag)
    if flag != 0x80:
        child = libc.syscall(56, flag | 17, 0, 0, 0, 0)  # clone
        if child == 0:
            os._exit(0)
        if child > 0:
            print("ESCAPED: clone %#x" % flag)
    arguments = (ctypes.c_uint64 * 11)(flag, 0, 0, 0, 17)
    child = libc.syscall(435, arguments, 88)  # clone3
    if child == 0:
        os._exit(0)
    if child > 0:
        print("ESCAPED: clone3 %#x" % flag)
os.mkdir("/tmp/m")
if libc.mount(b"tmpfs", b"/tmp/m", b"tmpfs", 0, None) == 0 or libc.mount(b"/usr", b"/tmp/m", None, 4096, None) == 0:
    print("ESCAPED: mount")
if libc.mount(None, b"/", None, 32 | 4096, None) == 0 or libc.umount2(b"/tmp", 2) == 0 or libc.umount2(b"/proc", 2) == 0:
    print("ESCAPED: remount")
if libc.chroot(b"/tmp") == 0 or libc.syscall(155, b"/tmp", b"/tmp/m") == 0:
    print("ESCAPED: root")
for name in ["net", "mnt", "pid", "user"]:
    try:
        if libc.setns(os.open("/proc/1/ns/" + name, os.O_RDONLY), 0) == 0:
            print("ESCAPED: setns")
    except OSError:
        pass
print("contained")
