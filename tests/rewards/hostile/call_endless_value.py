# call
# expect: runtime_error memory output_limit time
def solve(x):
    value = []
    value.append(value)
    return value
