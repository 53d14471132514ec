// Any bytes as an answer: a tree within its bounds whose texts lie in the answer, or a reason why there is none.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "rewards/math_fold.h"
#include "rewards/math_parser.h"

namespace {

using namespace hone;

void require(bool condition) {
  if (!condition) std::abort();
}

void check_tree(const Expression& tree) {
  require(tree.ok() == tree.problem.empty());
  if (!tree.ok()) return;
  require(tree.nodes.size() <= kMaxMathNodes && static_cast<size_t>(tree.root) < tree.nodes.size());
  for (const Node& node : tree.nodes) {
    require(node.first >= 0 && node.count >= 0);
    require(static_cast<size_t>(node.first) + static_cast<size_t>(node.count) <= tree.kids.size());
  }
  for (const NodeId child : tree.kids) require(child >= 0 && static_cast<size_t>(child) < tree.nodes.size());
  require(same_tree(tree, tree.root, tree, tree.root));
  require(!to_string(tree, tree.root).empty());
  traits_of(tree, tree.root);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  for (const CommaReading commas :
       {CommaReading::kUsual, CommaReading::kFlipped, CommaReading::kDecimal, CommaReading::kIndian}) {
    check_tree(parse_math(text, commas));
  }
  const std::string folded = fold_to_latex(text);
  check_tree(parse_math(folded));
  return 0;
}
