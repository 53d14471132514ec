// expect: runtime_error
int f(volatile int* x) {
  volatile int room[1000] = {*x};
  return f(room) + room[1];
}
int main() {
  volatile int x = 0;
  return f(&x);
}
