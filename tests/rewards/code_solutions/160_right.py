# problem 160 2077f733d5c6ffbf
for _ in range(int(input())):
    n, m, r, c, y, x = map(int, input().split())
    down = y - r if y >= r else 2 * n - r - y
    right = x - c if x >= c else 2 * m - c - x
    print(min(down, right))
