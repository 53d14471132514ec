# expect: time
import time
while True:
    time.sleep(1000)
