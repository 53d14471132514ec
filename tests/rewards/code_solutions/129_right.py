# problem 129 9115a6996a23a856
for _ in range(int(input())):
    n = int(input())
    missing, rest = set(range(1, n + 1)), []
    for x in map(int, input().split()):
        if x in missing:
            missing.remove(x)
        else:
            rest.append(x)
    ok = all(2 * m < x for m, x in zip(sorted(missing), sorted(rest)))
    print(len(rest) if ok else -1)
