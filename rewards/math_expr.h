// The tree of a mathematical answer: scalars (numbers, symbols, sums, functions) and what holds them (lists, tuples, intervals,
// matrices, relations, text). Flat: nodes in one vector, children in another, so that an answer costs two allocations.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hone {

enum class Op : uint8_t {
  kError,
  // scalars
  kInteger,  // value if `digits` <= 18, else the digits are in `text`, separators and all
  kDecimal,  // value * 10^-scale if `digits` <= 18, else in `text`
  kSymbol,   // value: hash of the name; text: the name
  kPi,
  kEuler,      // e
  kImaginary,  // i
  kInfinity,
  kSum,
  kProduct,
  kNegate,
  kQuotient,
  kPower,
  kRoot,  // index, radicand
  kFactorial,
  kDoubleFactorial,
  kBinomial,
  kFunction,  // aux: Function; children: argument(s); kLog: argument, base
  kAbsolute,
  kFloor,
  kCeiling,
  kPlusMinus,  // value: which of the answer's signs, aux: 1 for \mp
  kPercent,
  kDegree,
  kBased,  // text: the numeral's digits, value: the base
  // what holds scalars
  kList,  // comma list, in any order; aux: kLinkAnd, kLinkOr
  kSet,
  kTuple,  // points, vectors, intervals: aux holds the brackets
  kUnion,
  kIntersection,
  kWithout,   // set difference
  kRelation,  // children: expressions; value: the relations between them, 4 bits each, first lowest
  kMatrix,    // children row by row; value: columns
  kRatio,     // a : b (: c)
  kText,      // text as written
  kUnit,      // child: what it is of; text: the unit as written
  kEmptySet,
  kReals,
};

enum class Function : uint8_t {
  kSin,
  kCos,
  kTan,
  kCot,
  kSec,
  kCsc,
  kCis,  // cos + i sin; the last that takes an angle
  kArcsin,
  kArccos,
  kArctan,
  kArccot,
  kArcsec,
  kArccsc,
  kSinh,
  kCosh,
  kTanh,
  kLn,
  kLog,
  kExp,
  kConjugate,
  kRealPart,
  kImaginaryPart,
  kGcd,  // the first that takes several arguments
  kLcm,
  kMax,
  kMin,
};

enum class Relation : uint8_t {
  kEqual,
  kLess,
  kGreater,
  kLessEqual,
  kGreaterEqual,
  kNotEqual,
  kApprox,
  kIn,
  kNotIn,
};

/// Bits of a tuple's aux.
inline constexpr uint8_t kOpenLeft = 1, kOpenRight = 2, kAngled = 4;  // "(": kOpenLeft; "<1, 2>": kAngled

/// Bits of a list's aux: the words that stood between its elements.
inline constexpr uint8_t kLinkAnd = 1, kLinkOr = 2;

/// Bits of `flags`.
inline constexpr uint8_t kFromWord =
    1;  // a product of letters that stood together, such as "odd"; text: the letters
inline constexpr uint8_t kInexact = 2;  // a decimal that ends in dots
inline constexpr uint8_t kGrouped = 4;  // stood in brackets of its own
inline constexpr uint8_t kBound = 8;    // a set builder's condition: its variable is only a name

struct Node {
  Op op = Op::kError;
  uint8_t aux = 0;
  uint8_t flags = 0;
  int32_t digits = 0;            // of a number, without leading zeros
  int32_t scale = 0;             // of a decimal; negative for 1.5e9
  int32_t first = 0, count = 0;  // children
  int64_t value = 0;
  std::string_view text = {};  // of the answer, or of a literal
};

using NodeId = int32_t;

struct Expression {
  std::vector<Node> nodes;
  std::vector<NodeId> kids;
  NodeId root = -1;
  std::string problem;           // why there is no tree
  bool over_budget = false;      // it was too long or too deep, rather than not mathematics
  bool ambiguous_comma = false;  // a comma may divide thousands or a list
  int num_signs = 0;             // plus-minus signs

  bool ok() const { return root >= 0; }
  const Node& operator[](NodeId id) const { return nodes[static_cast<size_t>(id)]; }
  std::span<const NodeId> children(NodeId id) const {
    const Node& node = (*this)[id];
    return {kids.data() + node.first, static_cast<size_t>(node.count)};
  }
  NodeId child(NodeId id, int i = 0) const { return kids[static_cast<size_t>((*this)[id].first + i)]; }
  NodeId add(Node node, std::span<const NodeId> children = {});
};

/// The i-th relation of a kRelation.
inline Relation relation_of(const Node& node, int i) {
  return static_cast<Relation>(node.value >> (4 * i) & 15);
}

bool is_scalar(Op op);

/// Same tree, node for node.
bool same_tree(const Expression& a, NodeId x, const Expression& b, NodeId y);

/// Facts about a subtree, gathered in one pass.
struct Traits {
  bool scalar = true;  // numbers, symbols and functions only
  bool symbols = false;
  bool transcendental = false;  // pi, e, i, roots, functions: no fraction
  int64_t digits = 0;           // of all its constants
};
Traits traits_of(const Expression& expression, NodeId id);

/// For tests and details: "sum(1, product(2, sqrt(3)))".
std::string to_string(const Expression& expression, NodeId id);

}  // namespace hone
