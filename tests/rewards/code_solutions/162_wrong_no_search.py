# problem 162 30171ab144b58111
import sys
data = iter(map(int, sys.stdin.buffer.read().split()))
def possible(h, least):
    extra = [0] * (len(h) + 2)
    for i in range(len(h) - 1, -1, -1):
        if h[i] + extra[i] < least:
            return False
        if i > 1:
            d = min(h[i], h[i] + extra[i] - least) // 3
            extra[i - 1] += d
            extra[i - 2] += 2 * d
    return True
for _ in range(next(data)):
    h = [next(data) for _ in range(next(data))]
    low = high = min(h)
    while low < high:
        middle = (low + high + 1) // 2
        if possible(h, middle):
            low = middle
        else:
            high = middle - 1
    print(low)
