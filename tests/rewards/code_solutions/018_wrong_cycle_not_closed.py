# problem 18 ffdc3e84670568e6
for _ in range(int(input())):
    n, d = map(int, input().split())
    a = list(map(int, input().split()))
    seen, worst, possible = [False] * n, 0, True
    for start in range(n):
        if seen[start]:
            continue
        cycle, at = [], start
        while not seen[at]:
            seen[at] = True
            cycle.append(a[at])
            at = (at + d) % n
        if 0 not in cycle:
            possible = False
            break
        run = 0
        for x in cycle:
            run = run + 1 if x else 0
            worst = max(worst, run)
    print(worst if possible else -1)
