# problem 137 316ecb1cbe9b3836
x, y = (bin(int(v))[2:] for v in input().split())
seen, queue = {x}, [x]
while queue:
    s = queue.pop()
    for t in ((s + "1")[::-1],):
        if len(t) <= len(y) + 1 and t not in seen:
            seen.add(t)
            queue.append(t)
print("YES" if y in seen else "NO")
