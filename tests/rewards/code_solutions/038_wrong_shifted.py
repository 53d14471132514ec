# problem 38 d22fd0ad4fc22f18
import sys
data = sys.stdin.read().split()
n, m = int(data[0]), int(data[1])
rows = data[2 : 2 + n]
bad = [0] * (m + 1)
for c in range(1, m):
    bad[c + 1] = bad[c] + any(rows[r][c - 1] == "X" == rows[r - 1][c] for r in range(1, n))
queries = list(map(int, data[3 + n :]))
out = []
for x, y in zip(queries[::2], queries[1::2]):
    out.append("YES" if bad[y] == bad[x - 1] else "NO")
print("\n".join(out))
