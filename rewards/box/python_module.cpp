// The same supervisor for the waiting Python interpreter, which loads it with ctypes: warm_python.py.
#include "rewards/box/serve.h"

namespace {
hone::box::PythonTask task;
}

extern "C" {

/// Returns in the process of a program only: 1 for a program, 2 for a call of its function.
int hone_box_serve() {
  task = hone::box::serve(hone::box::kControl);
  return task.mode == hone::box::Mode::kPythonCall ? 2 : 1;
}
const char* hone_box_source() { return task.source; }
unsigned long hone_box_source_size() { return task.size; }

}  // extern "C"
