# expect: time
# A new program in the same process does not start the clock again.
import os
os.execv("/usr/bin/python3", ["python3", "-c", "import os, sys\nfor _ in range(10**6): pass\nos.execv('/usr/bin/python3', ['python3', '-c', sys.argv[1], sys.argv[1]])",
         "import os, sys\nfor _ in range(10**6): pass\nos.execv('/usr/bin/python3', ['python3', '-c', sys.argv[1], sys.argv[1]])"])
