# problem 151 4e94fc45bd12b98e
import sys
data = sys.stdin.buffer.read().split()
q, at, queries = int(data[0]), 1, []
for _ in range(q):
    size = 2 if data[at] == b"1" else 3
    queries.append(data[at : at + size])
    at += size
becomes, out = {}, []
for query in reversed(queries):
    if len(query) == 2:
        out.append(becomes.get(query[1], query[1]))
    else:
        becomes[query[1]] = becomes.get(query[2], query[2])
print(b" ".join(reversed(out)).decode())
