// problem 28 c027986fba6be1ce
#include <cstdio>
int main() {
  long long a, b, c;
  std::scanf("%*d");
  while (std::scanf("%lld %lld %lld", &a, &b, &c) == 3) std::printf("%lld\n", (a + c) & 1);
}
