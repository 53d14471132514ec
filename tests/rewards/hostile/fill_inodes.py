# expect: wrong
# Empty files cost memory too.
count = 0
try:
    while count < 100000:
        open("/tmp/%d" % count, "w").close()
        count += 1
except OSError:
    pass
print("ESCAPED" if count > 5000 else "contained")
