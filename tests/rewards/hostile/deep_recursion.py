# expect: runtime_error memory time
import sys
sys.setrecursionlimit(1 << 30)
def f(x):
    return [f(x)] + sorted([1, 2], key=lambda _: f(x))
f(0)
