# call
# expect: wrong runtime_error no_result
# Changes everything that the harness might use.
import builtins, json, os, sys
json.dumps = json.encoder.JSONEncoder.encode = lambda *a, **k: "true"
json.loads = lambda *a, **k: {"fn_name": "solve", "args": [1]}
builtins.type = lambda x: str
builtins.isinstance = lambda *a: True
sys.excepthook = lambda *a: os._exit(0)
def solve(x):
    return object()
