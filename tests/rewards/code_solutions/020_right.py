# problem 20 37743eb2ba167478
import sys
data = iter(sys.stdin.read().split())
for _ in range(int(next(data))):
    n, m = int(next(data)), int(next(data))
    g = [[int(c) for c in next(data)] for _ in range(n)]
    best = 16
    for top in range(n):
        for bottom in range(top + 4, n):
            height = bottom - top - 1
            full = [sum(g[r][c] for r in range(top + 1, bottom)) for c in range(m)]
            edge = [2 - g[top][c] - g[bottom][c] for c in range(m)]
            for left in range(m):
                cost = height - full[left]
                for right in range(left + 1, m):
                    if right - left >= 3:
                        best = min(best, cost + height - full[right])
                    cost += full[right] + edge[right]
    print(best)
