// problem 135 c8aa47fcd25dc9f5
#include <algorithm>
#include <iostream>
#include <vector>
int main() {
  int t;
  std::cin >> t;
  while (t--) {
    int n, k, score = 0;
    std::cin >> n >> k;
    std::vector<int> a(n);
    for (int& x : a) std::cin >> x;
    std::sort(a.rbegin(), a.rend());
    for (int i = 0; i < k; ++i) score += a[i] / a[i + k];
    for (int i = 2 * k; i < n; ++i) score += a[i];
    std::cout << score << "\n";
  }
}
