# expect: time runtime_error memory
import threading
def spin():
    while True:
        pass
try:
    while True:
        threading.Thread(target=spin, daemon=True).start()
except RuntimeError:
    spin()
