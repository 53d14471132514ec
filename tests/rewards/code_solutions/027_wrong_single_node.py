# problem 27 0b3834eb495d71e9
import sys
data = list(map(int, sys.stdin.read().split()))
for i in range(data[0]):
    n, m, k = data[1 + 3 * i : 4 + 3 * i]
    if m < n - 1 or m > n * (n - 1) // 2:
        ok = False
    elif m == n * (n - 1) // 2:
        ok = k > 2
    else:
        ok = k > 3
    print("YES" if ok else "NO")
