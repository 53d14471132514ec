# problem 149 57e2bbb4dcffef46
import re
for _ in range(int(input())):
    n, k, x = map(int, input().split())
    s = input().strip()
    groups = [len(g) * k + 1 for g in re.findall(r"\*+", s)]
    x -= 1
    counts = []
    for size in reversed(groups):
        x, digit = divmod(x, size)
        counts.append(digit)
    print(re.sub(r"\*+", lambda _: "b" * counts.pop(), s))
