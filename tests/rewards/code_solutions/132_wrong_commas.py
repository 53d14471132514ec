# problem 132 3d798d15d07fdf19
for _ in range(int(input())):
    b = list(map(int, input().split()))
    print(b[0], b[1], b[6] - b[0] - b[1], sep=", ")
