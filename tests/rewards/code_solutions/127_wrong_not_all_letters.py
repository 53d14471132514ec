# problem 127 0895fd0bc4ef80a9
for _ in range(int(input())):
    s, t = "".join(sorted(input().strip())), input().strip()
    if t == "abc":
        a, b, c = s.count("a"), s.count("b"), s.count("c")
        s = "a" * a + "c" * c + "b" * b + s[a + b + c :]
    print(s)
