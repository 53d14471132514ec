# problem 147 ab96eeffc5ad7b1f
for _ in range(int(input())):
    print("NO" if input().count("N") == 1 else "YES")
