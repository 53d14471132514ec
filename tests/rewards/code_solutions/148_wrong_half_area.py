# problem 148 f63a3411469c7fb3
import sys
data = iter(map(int, sys.stdin.read().split()))
for _ in range(next(data)):
    w, h = next(data), next(data)
    best = 0
    for side in range(4):
        points = [next(data) for _ in range(next(data))]
        best = max(best, (points[-1] - points[0]) * (h if side < 2 else w))
    print(best / 2)
