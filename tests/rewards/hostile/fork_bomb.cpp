// expect: time wrong runtime_error
#include <unistd.h>
int main() {
  for (;;) fork();
}
