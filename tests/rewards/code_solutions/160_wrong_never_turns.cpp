// problem 160 2077f733d5c6ffbf
#include <iostream>
int main() {
  int t;
  std::cin >> t;
  while (t--) {
    int n, m, r, c, y, x;
    unsigned time = 0;
    std::cin >> n >> m >> r >> c >> y >> x;
    for (volatile long row = r, column = c; row != y && column != x; ++time) row = row + 1, column = column + 1;
    std::cout << time << '\n';
  }
}
