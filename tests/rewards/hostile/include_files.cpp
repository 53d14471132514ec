// expect: compile_error
// The compiler reads what the program can't?
#include "/etc/passwd"
#include "/proc/1/environ"
int main() {}
