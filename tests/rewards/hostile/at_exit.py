# expect: time
# Ends well, and does not: the interpreter waits for what is left.
import atexit, threading
@atexit.register
def again():
    while True:
        pass
threading.Thread(target=lambda: None).start()
