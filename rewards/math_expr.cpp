#include "rewards/math_expr.h"

#include <array>
#include <cstdlib>

namespace hone {
namespace {

constexpr std::array kNames = {"error",  "int",     "dec",  "sym",   "pi",    "e",    "i",       "infinity",
                               "sum",    "product", "neg",  "div",   "pow",   "root", "fact",    "fact2",
                               "binom",  "fn",      "abs",  "floor", "ceil",  "pm",   "percent", "deg",
                               "based",  "list",    "set",  "tuple", "union", "cap",  "without", "rel",
                               "matrix", "ratio",   "text", "unit",  "empty", "reals"};
constexpr std::array kFunctionNames = {"sin",    "cos",    "tan",    "cot",    "sec",    "csc",    "cis",
                                       "arcsin", "arccos", "arctan", "arccot", "arcsec", "arccsc", "sinh",
                                       "cosh",   "tanh",   "ln",     "log",    "exp",    "conj",   "re",
                                       "im",     "gcd",    "lcm",    "max",    "min"};
constexpr std::array kRelationNames = {"=", "<", ">", "<=", ">=", "!=", "~", "in", "notin"};

void gather(const Expression& expression, NodeId id, Traits& traits) {
  const Node& node = expression[id];
  switch (node.op) {
    case Op::kInteger:
    case Op::kDecimal:
      traits.digits += node.digits + std::abs(node.scale);
      break;
    case Op::kSymbol:
      traits.symbols = true;
      break;
    case Op::kPi:
    case Op::kEuler:
    case Op::kImaginary:
    case Op::kRoot:
    case Op::kFunction:
      traits.transcendental = true;
      break;
    case Op::kInfinity:
    case Op::kBased:
      traits.scalar = false;
      break;
    default:
      traits.scalar = traits.scalar && is_scalar(node.op);
  }
  for (const NodeId child : expression.children(id)) gather(expression, child, traits);
}

}  // namespace

NodeId Expression::add(Node node, std::span<const NodeId> children) {
  node.first = static_cast<int32_t>(kids.size());
  node.count = static_cast<int32_t>(children.size());
  kids.insert(kids.end(), children.begin(), children.end());
  nodes.push_back(node);
  return static_cast<NodeId>(nodes.size() - 1);
}

bool is_scalar(Op op) { return op > Op::kError && op < Op::kList; }

bool same_tree(const Expression& a, NodeId x, const Expression& b, NodeId y) {
  const Node &n = a[x], &m = b[y];
  if (n.op != m.op || n.count != m.count || n.value != m.value || n.aux != m.aux || n.scale != m.scale ||
      n.digits != m.digits) {
    return false;
  }
  const bool by_text = n.op == Op::kText || n.op == Op::kUnit || n.op == Op::kBased || n.digits > 18;
  if (by_text && n.text != m.text) return false;
  for (int i = 0; i < n.count; ++i) {
    if (!same_tree(a, a.child(x, i), b, b.child(y, i))) return false;
  }
  return true;
}

Traits traits_of(const Expression& expression, NodeId id) {
  Traits traits;
  gather(expression, id, traits);
  return traits;
}

std::string to_string(const Expression& expression, NodeId id) {
  const Node& node = expression[id];
  std::string out = kNames[static_cast<size_t>(node.op)];
  switch (node.op) {
    case Op::kInteger:
      return node.digits > 18 ? std::string(node.text) : std::to_string(node.value);
    case Op::kDecimal:
      return std::to_string(node.value) + "e" + std::to_string(-node.scale);
    case Op::kSymbol:
      return std::string(node.text);
    case Op::kPi:
    case Op::kEuler:
    case Op::kImaginary:
      return out;
    case Op::kText:
      return "\"" + std::string(node.text) + "\"";
    case Op::kFunction:
      out = kFunctionNames[node.aux];
      break;
    case Op::kBased:
      return std::string(node.text) + "_" + std::to_string(node.value);
    case Op::kTuple:
      out += std::to_string(node.aux);
      break;
    case Op::kUnit:
      out += "[" + std::string(node.text) + "]";
      break;
    default:
      break;
  }
  out += "(";
  for (int i = 0; i < node.count; ++i) {
    if (i > 0 && node.op == Op::kRelation)
      out += std::string(" ") + kRelationNames[static_cast<size_t>(relation_of(node, i - 1))] + " ";
    else if (i > 0)
      out += node.op == Op::kMatrix && i % node.value == 0 ? "; " : ", ";
    out += to_string(expression, expression.child(id, i));
  }
  return out + ")";
}

}  // namespace hone
