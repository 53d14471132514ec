# problem 0 9791e8a564f2749a
import sys
n, m, *rows = sys.stdin.read().split()
def key(i):
    return "".join(c for j, c in enumerate(rows[i]))
print(*(i + 1 for i in sorted(range(int(n)), key=key)))
