# problem 13 9794e90f485c8ebc
for _ in range(int(input())):
    s = input()
    print("yes" if 2 * s.count("B") == len(s) else "no")
