# problem 143 8b04b11738be8ce2
import heapq
for _ in range(int(input())):
    n = int(input())
    count = [0] * (n + 2)
    for x in map(int, input().split()):
        count[x] += 1
    answer, spare, paid = [], [], 0
    for mex in range(n + 1):
        answer.append(paid + count[mex])
        if count[mex] == 0:
            if not spare:
                break
            paid += mex - spare.pop(0)
        else:
            spare.extend([mex] * (count[mex] - 1))
    print(*(answer + [-1] * (n + 1 - len(answer))))
