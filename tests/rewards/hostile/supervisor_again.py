# expect: wrong runtime_error
# Plays the supervisor: calls its code, which is mapped here, and takes the module of the interpreter that waited.
import ctypes, sys
frame = sys._getframe()
while frame.f_back:
    frame = frame.f_back
names = dict(frame.f_globals)
print("contained", flush=True)
box = ctypes.PyDLL("/box/box.so")
box.hone_box_serve()
print("ESCAPED")
