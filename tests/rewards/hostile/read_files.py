# expect: wrong
# Files of the machine: accounts, keys, homes, and one that the grader has put into its /tmp.
import os
canary, port, abstract, pid = input().split()
for path in [canary, "/etc/passwd", "/etc/shadow", "/etc/hosts", "/root", "/home", "/work", "/var/log", "/sys/kernel", "/run",
             "/boot", "/dev/vda", "/dev/sda", "/dev/mem", "/dev/kvm", "/dev/tty", "/dev/ptmx", "/opt", "/srv", "/mnt",
             "/tmp/../root/.ssh", "//proc/self/root/root"]:
    try:
        os.listdir(path) if os.path.isdir(path) else open(path, "rb").read(1)
        print("ESCAPED", path)
    except OSError:
        pass
print("contained")
