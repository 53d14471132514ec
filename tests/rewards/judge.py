"""A judge that does to its caller whatever the completion says, for tests/rewards/process_test.cpp.

With an argument FILE it appends its process id there when it starts.
"""
import json
import os
import signal
import subprocess
import sys
import time

if len(sys.argv) > 1:
    with open(sys.argv[1], "a") as starts:
        starts.write(f"{os.getpid()}\n")


def answer(**fields):
    print(json.dumps(fields), flush=True)


for line in sys.stdin:
    request = json.loads(line)
    what, id = request["completion"], request["id"]
    if what == "die":
        sys.exit("I was told to die")
    elif what == "segv":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif what == "hang":
        time.sleep(1000)
    elif what == "fork and hang":
        subprocess.Popen(["sleep", "1000"])
        time.sleep(1000)
    elif what == "close":
        os.close(1)
        time.sleep(1000)
    elif what == "garbage":
        print("Traceback (most recent call last):", flush=True)
    elif what == "nan":
        answer(id=id, value=float("nan"))
    elif what == "late":
        time.sleep(0.6)
        answer(id=id, value=99)
    elif what == "twice":
        answer(id=id, value=2)
        answer(id=id, value=3)
        answer(id=id + 1000000, value=4)
    elif what == "error":
        answer(id=id, error="the service is down")
    elif what == "huge":
        answer(id=id, value=1, detail="x" * 100000)
    elif what == "noise":
        for i in range(20000):
            print(f"line {i} " + "x" * 100, file=sys.stderr)
        answer(id=id, value=5)
    elif what == "pid":
        answer(id=id, value=os.getpid())
    elif what == "group":
        answer(id=id, value=request["index"], detail=request["group"])
    elif what == "left":
        answer(id=id, value=request["left"])
    else:
        answer(id=id, value=len(what), detail={"row": request["row"]})
