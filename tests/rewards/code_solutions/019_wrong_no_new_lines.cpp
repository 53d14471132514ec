// problem 19 66fe0a374bbecffa
#include <algorithm>
#include <bitset>
#include <cstdio>
#include <vector>
int main() {
  int t;
  std::scanf("%d", &t);
  while (t--) {
    int n;
    std::scanf("%d", &n);
    std::vector<int> a(n);
    for (int& x : a) std::scanf("%d", &x);
    int best = 2001;
    for (int length = *std::max_element(a.begin(), a.end()); length <= 2000; ++length) {
      std::bitset<2001> inside, at;
      for (int i = 0; i <= length; ++i) inside[i] = true;
      at = inside;
      for (int x : a) at = (at << x | at >> x) & inside;
      if (at.any()) {
        best = length;
        break;
      }
    }
    std::printf("%d", best);
  }
}
