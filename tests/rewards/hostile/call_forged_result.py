# call
# expect: wrong
# Writes a result of its own and ends before the function is called.
import os
os.write(3, b'{"verdict": "correct", "value": true}')
os._exit(0)
def solve(x):
    return 1
