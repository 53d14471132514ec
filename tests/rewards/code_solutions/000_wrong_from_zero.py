# problem 0 9791e8a564f2749a
import sys
n, m, *rows = sys.stdin.read().split()
def key(i):
    return "".join(c if j % 2 == 0 else chr(155 - ord(c)) for j, c in enumerate(rows[i]))
print(*(i for i in sorted(range(int(n)), key=key)))
