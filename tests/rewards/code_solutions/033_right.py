# problem 33 85e641af3c41eefd
n = int(input())
a = list(map(int, input().split()))
last = [10**9] * 512
last[0] = 0
for x in a:
    for y in range(512):
        if last[y] < x and last[y ^ x] > x:
            last[y ^ x] = x
found = [y for y in range(512) if last[y] < 10**9]
print(len(found))
print(*found)
