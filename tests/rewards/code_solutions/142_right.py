# problem 142 02617ead6319a70b
def possible(p, joy):
    pair, friends = False, [False] * len(p[0])
    for row in p:
        glad = [x >= joy for x in row]
        pair = pair or sum(glad) > 1
        friends = [a or b for a, b in zip(friends, glad)]
    return all(friends) and (pair or len(p) <= len(p[0]) - 1)
for _ in range(int(input())):
    input()
    m, n = map(int, input().split())
    p = [list(map(int, input().split())) for _ in range(m)]
    low, high = 1, 10**9
    while low < high:
        middle = (low + high + 1) // 2
        if possible(p, middle):
            low = middle
        else:
            high = middle - 1
    print(low)
