// expect: compile_error
// The assembler opens files too.
asm(".incbin \"/etc/shadow\"");
int main() {}
