# problem 29 617b4075ee665d21
for _ in range(int(input())):
    input()
    a = input().split()
    print(a.count("1") << a.count("0"))
