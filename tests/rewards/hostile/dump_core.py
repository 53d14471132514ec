# expect: runtime_error
import os, signal
os.chdir("/tmp")
os.kill(os.getpid(), signal.SIGSEGV)
