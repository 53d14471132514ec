// problem 6 e94553f4cdd15ce3
#include <cstdio>
#include <numeric>
#include <vector>
int main() {
  int n;
  std::scanf("%d", &n);
  std::vector<int> a(n);
  for (int& x : a) std::scanf("%d", &x);
  long long sum = 0;
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j) sum += 1LL * std::gcd(a[i], a[j]) * std::gcd(i, j);
  std::printf("%lld\n", sum % 1000000007);
}
