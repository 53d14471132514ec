# problem 154 5920b0d2d0d7460c
for _ in range(int(input())):
    a, b, c = sorted(map(int, input().split()))
    ok = a + b == c or (a == b) or (b == c and a % 2 == 0)
    print("YES" if ok else "NO")
