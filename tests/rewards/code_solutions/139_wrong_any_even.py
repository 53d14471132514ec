# problem 139 cedc946e06e20f9f
for _ in range(int(input())):
    s = input().strip()
    half = len(s) // 2
    print("YES" if len(s) % 2 == 0 else "NO")
