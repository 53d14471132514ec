# problem 140 2a09381e5acad045
for _ in range(int(input())):
    n = int(input())
    print(int(n**0.5) + int(round(n ** (1 / 3))))
