# problem 26 f7489a4d53f444ca
MOD = 10**9 + 7
top = 2 * 10**5
half = [0, 0, 2]
for i in range(3, top + 1):
    half.append(half[-1] * i % MOD)
for _ in range(int(input())):
    print(half[2 * int(input())])
