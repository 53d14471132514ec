# problem 156 af6ffb8b638f5da3
for _ in range(int(input())):
    n, k = map(int, input().split())
    a = sorted(map(int, input().split()))
    total, suffix, best = sum(a), 0, 10**18
    for copies in range(n):
        if copies:
            suffix += a[n - copies]
        # total - suffix - d + copies * (a[0] - d) <= k
        excess = total - suffix + copies * a[0] - k
        best = min(best, copies + max(0, excess // (copies + 1)))
    print(best)
