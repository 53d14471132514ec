# expect: wrong
# System calls that have been ways into the kernel.
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
room = ctypes.create_string_buffer(4096)
doors = {"io_uring_setup": (425, 8, room), "bpf": (321, 0, room, 72), "keyctl": (250, 0, -3, 1), "add_key": (248, b"user", b"k", b"v", 1, -3),
         "userfaultfd": (323, 0), "perf_event_open": (298, room, 0, -1, -1, 0), "init_module": (175, room, 4096, b""),
         "kexec_load": (246, 0, 0, 0, 0), "open_by_handle_at": (304, -100, room, 0), "swapon": (167, b"/tmp/x", 0),
         "reboot": (169, 0xFEE1DEAD, 672274793, 0, None), "personality": (135, 0x0008), "seccomp": (317, 0, 0, None),
         "settimeofday": (164, room, None), "syslog": (103, 3, room, 10), "iopl": (172, 3), "acct": (163, None), "quotactl": (179, 0, None, 0, None),
         "fanotify_init": (300, 0, 0), "process_madvise": (440, 0, room, 1, 0, 0), "name_to_handle_at": (303, -100, b"/usr", room, room, 0),
         "memfd_secret": (447, 0), "modify_ldt": (154, 1, room, 16), "move_pages": (279, 1, 0, None, None, None, 0), "ioperm": (173, 0, 8, 1)}
for name, call in doors.items():
    if libc.syscall(*call) >= 0:
        print("ESCAPED", name)
print("contained")
