# problem 30 80acc1e016a62187
def cost(s, c):
    i, j, erased = 0, len(s) - 1, 0
    while i < j:
        if s[i] == s[j]:
            i, j = i + 1, j - 1
        elif s[i] == c:
            i, erased = i + 1, erased + 1
        elif s[j] == c:
            j, erased = j - 1, erased + 1
        else:
            return None
    return erased
for _ in range(int(input())):
    input()
    s = input().strip()
    costs = [x for x in (cost(s, c) for c in set(s)) if x is not None]
    print(min(costs))
