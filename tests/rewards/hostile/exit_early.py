# expect: wrong
import os
os._exit(0)
