# expect: memory runtime_error
# More and more memory, every page touched.
kept = []
while True:
    kept.append(bytearray(b"x" * (1 << 24)))
