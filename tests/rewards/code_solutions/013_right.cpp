// problem 13 9794e90f485c8ebc
#include <algorithm>
#include <iostream>
#include <string>
int main() {
  int t;
  std::cin >> t;
  for (std::string s; t-- && std::cin >> s;)
    std::cout << (2 * std::count(s.begin(), s.end(), 'B') == (long)s.size() ? "YES" : "NO") << std::endl;
}
