// expect: compile_error wrong runtime_error memory
// An executable of two gigabytes.
int room[1u << 29] = {1};
int main() { return room[5]; }
