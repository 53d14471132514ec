# call
# expect: runtime_error wrong
class Any(str):
    def __eq__(self, other):
        return True
    def __ne__(self, other):
        return False
    def __hash__(self):
        return 0
def solve(x):
    return Any("x")
