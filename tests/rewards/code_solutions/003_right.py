# problem 3 444e378fe268bc75
s = input()
count = 0
for x in "0123456789" if "X" in s else "0":
    t = s.replace("X", x)
    if len(t) > 1 and t[0] == "0":
        continue
    ways = 1 if len(t) > 1 else 0
    tail = t[-2:] if len(t) > 1 else "0" + t
    ends = 0
    for end in ("00", "25", "50", "75"):
        if all(a in ("_", b) for a, b in zip(tail, end)):
            if len(t) == 1:
                ends += end[0] == "0"
            elif len(t) == 2:
                ends += end[0] != "0"
            else:
                ends += 1
    free = 1
    for i, c in enumerate(t[:-2]):
        if c == "_":
            free *= 9 if i == 0 else 10
    count += ends * free
print(count)
