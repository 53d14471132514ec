# call
# expect: no_result
import sys
def solve(x):
    sys.exit(0)
