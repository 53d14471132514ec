// problem 160 2077f733d5c6ffbf
#include <iostream>
int main() {
  int t;
  std::cin >> t;
  while (t--) {
    int n, m, r, c, y, x, time = 0, dr = 1, dc = 1;
    std::cin >> n >> m >> r >> c >> y >> x;
    for (; r != y && c != x; ++time) {
      if (r + dr < 1 || r + dr > n) dr = -dr;
      if (c + dc < 1 || c + dc > m) dc = -dc;
      r += dr;
      c += dc;
    }
    std::cout << time << '\n';
  }
}
