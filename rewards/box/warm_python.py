"""An interpreter that has done its start-up and waits: hone_box_serve() returns in a confined child, which then is the program.

Nothing here judges. A called function's value leaves as JSON and is compared outside of the sandbox.
"""
import atexit
import ctypes
import gc
import sys

# What programs of this kind import, loaded once. Only the standard library, nothing that starts threads or opens files.
import array, base64, bisect, collections, copy, dataclasses, datetime, decimal, enum, fractions, functools, heapq  # noqa: E401
import io, itertools, json, math, operator, os, random, re, statistics, string, threading, time, types, typing  # noqa: E401

RESULT = 3
# The names that LeetCode's judge puts before a solution.
PRELUDE = (
    "from typing import *\nfrom functools import *\nfrom collections import *\nfrom itertools import *\nfrom heapq import *\n"
    "from bisect import *\nfrom math import *\nimport sys, os, re, math, random, string, bisect, heapq, collections, itertools\n"
    "import functools, operator, copy, datetime, json, time, statistics\nfrom builtins import *\n"
)
_dumps, _write, _read, _exit = json.dumps, os.write, os.read, os._exit  # as they are before the program runs


def open_streams():
    """Objects for the descriptors that this process has now; those of the start-up belong to the interpreter that waits."""
    sys.stdin = sys.__stdin__ = open(0, "r", encoding="utf-8", errors="surrogateescape", closefd=False)
    sys.stdout = sys.__stdout__ = open(1, "w", encoding="utf-8", errors="surrogateescape", closefd=False)
    sys.stderr = sys.__stderr__ = open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)


def module(name):
    fresh = types.ModuleType(name)
    fresh.__file__ = "solution.py"
    fresh.__builtins__ = __builtins__
    sys.modules[name] = fresh
    return fresh.__dict__


def plain(value):
    """The value as JSON has it, tuples as lists. Anything that is not data is refused, subclasses too."""
    kind = type(value)
    if value is None or kind in (bool, int, float, str):
        return value
    if kind in (list, tuple):
        return [plain(item) for item in value]
    if kind is dict:
        for key in value:
            if type(key) is not str and type(key) is not int:
                raise TypeError("a dict's key is a %s, expected str or int" % type(key).__name__)
        return {str(key): plain(item) for key, item in value.items()}
    raise TypeError("the function's value holds a %s, expected data as JSON has it" % kind.__name__)


def call(source, names):
    request = b""
    while chunk := _read(0, 1 << 20):
        request += chunk
    request = json.loads(request)
    exec(PRELUDE, names)
    exec(compile(source, "solution.py", "exec"), names)
    name = request["fn_name"]
    function = names.get(name)
    if function is None and "Solution" in names:
        function = getattr(names["Solution"](), name)
    if function is None:
        raise NameError("the program defines no function %r and no class Solution with one" % name)
    data = _dumps(plain(function(*request["args"])), allow_nan=False).encode()
    while data:
        data = data[_write(RESULT, data) :]


def status_of(exception):
    """What the interpreter would do with it at the top."""
    if not isinstance(exception, SystemExit):
        trace = exception.__traceback__.tb_next  # without main()
        sys.excepthook(type(exception), exception.with_traceback(trace), trace)
        return 1
    if exception.code is None:
        return 0
    if isinstance(exception.code, int):
        return exception.code & 255
    print(exception.code, file=sys.stderr)
    return 1


def finish(status, names):
    """Ends as the interpreter does, without taking its own modules apart, which is most of the time of a short program."""
    threading._shutdown()
    atexit._run_exitfuncs()
    try:
        sys.stdout.flush()
    except (OSError, ValueError, AttributeError):
        status = status or 120
    names.clear()  # files that were left open are written out
    try:
        sys.stderr.flush()
    finally:
        _exit(status)


def main():
    box = ctypes.PyDLL("/box/box.so")
    box.hone_box_source.restype = ctypes.c_void_p
    box.hone_box_source_size.restype = ctypes.c_ulong
    sys.argv = ["solution.py"]
    sys.path[:] = [folder for folder in sys.path if folder.startswith("/usr")]
    gc.collect()
    gc.freeze()  # a collection in a child does not touch, and so copy, these pages
    mode = box.hone_box_serve()
    ctypes.pythonapi.PyOS_AfterFork_Child()
    open_streams()
    source = ctypes.string_at(box.hone_box_source(), box.hone_box_source_size())
    names = module("solution" if mode == 2 else "__main__")
    status = 0
    try:
        if mode == 2:
            call(source, names)
        else:
            exec(compile(source, "solution.py", "exec"), names)
    except BaseException as exception:
        status = status_of(exception)
    finish(status, names)


main()
