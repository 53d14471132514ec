# problem 11 87742a10b64a9aec
from bisect import bisect_right
n = int(input())
a = list(map(int, input().split()))
pairs = sorted((i - x, x) for i, x in enumerate(a, 1) if x <= i)
tails = []
for _, x in pairs:
    at = bisect_right(tails, x - 1)
    if at == len(tails):
        tails.append(x)
    else:
        tails[at] = x
print(sum(i == x for i, x in enumerate(a, 1)))
