// expect: compile_error
template <class T, int N>
struct A {
  using type = typename A<typename A<T, N - 1>::type, N - 1>::type;
  char room[N + 1];
};
template <class T>
struct A<T, 0> {
  using type = A<T*, 0>;
};
A<int, 200>::type x;
int main() {}
