# problem 140 2a09381e5acad045
for _ in range(int(input())):
    n = int(input())
    liked = {i**2 for i in range(1, 31624) if i**2 < n} | {i**3 for i in range(1, 1001) if i**3 < n}
    print(len(liked))
