// Lists, elements and relations: the upper half of the grammar.
#include "rewards/math_parser.h"

#include "rewards/text.h"

namespace hone {

Expression parse_math(std::string_view text, CommaReading commas) { return MathParser(text, commas).run(); }

int64_t hash_name(std::string_view name, int64_t seed) {
  uint64_t hash = 14695981039346656037ull ^ static_cast<uint64_t>(seed);
  for (const char c : name) {
    if (c == '{' || c == '}' || c == ' ') continue;
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ull;
  }
  return static_cast<int64_t>(hash);
}

Expression MathParser::run() {
  if (lexer_.text().size() > kMaxMathBytes) {
    fail("longer than 16384 bytes", true);
    return std::move(out_);
  }
  out_.nodes.reserve(16);
  out_.kids.reserve(16);
  pending_.reserve(16);
  advance();
  const NodeId root = list();
  if (!failed_ && root < 0) fail("empty");
  if (!failed_ && !at_end()) fail("something is left over");
  out_.ambiguous_comma = lexer_.ambiguous_comma();
  if (!failed_) out_.root = root;
  return std::move(out_);
}

NodeId MathParser::fail(const char* problem, bool over_budget) {
  if (!failed_) {
    out_.problem = problem;
    out_.over_budget = over_budget;
    if (token_.begin < lexer_.text().size() && !over_budget) {
      out_.problem += " at \"" + excerpt(lexer_.text().substr(token_.begin), 20) + "\"";
    }
  }
  failed_ = true;
  token_ = {};
  lexer_.seek(lexer_.text().size());
  if (out_.nodes.empty()) out_.add({});
  return 0;
}

NodeId MathParser::leaf(Node node) {
  if (out_.nodes.size() >= kMaxMathNodes) return fail("more than 4096 nodes", true);
  return out_.add(node);
}

NodeId MathParser::unary(Op op, NodeId child, uint8_t aux, int64_t value) {
  if (out_.nodes.size() >= kMaxMathNodes) return fail("more than 4096 nodes", true);
  Node node{op, aux};
  node.value = value;
  return out_.add(node, {&child, 1});
}

NodeId MathParser::binary(Op op, NodeId left, NodeId right) {
  if (out_.nodes.size() >= kMaxMathNodes) return fail("more than 4096 nodes", true);
  const NodeId children[] = {left, right};
  return out_.add({op}, children);
}

/// Takes the children from pending_[from..]; a single child stays itself.
NodeId MathParser::nary(Op op, size_t from, uint8_t aux, int64_t value) {
  if (out_.nodes.size() >= kMaxMathNodes) return fail("more than 4096 nodes", true);
  Node node{op, aux};
  node.value = value;
  const NodeId id = out_.add(node, {pending_.data() + from, pending_.size() - from});
  pending_.resize(from);
  return id;
}

NodeId MathParser::symbol(std::string_view name) {
  if (name == "e") return leaf({Op::kEuler});
  if (name == "i") return leaf({Op::kImaginary});
  Node node{Op::kSymbol};
  node.value = hash_name(name);
  node.text = name;
  return leaf(node);
}

NodeId MathParser::integer(int64_t value) {
  Node node{Op::kInteger};
  node.value = value;
  for (int64_t rest = value; rest != 0; rest /= 10) ++node.digits;
  return leaf(node);
}

bool MathParser::at_list_end() const {
  switch (token_.kind) {
    case TokenKind::kEnd:
    case TokenKind::kRowEnd:
      return true;
    case TokenKind::kMark:
      return token_.mark == ')' || (token_.mark == ']' && brackets_ > 0) || token_.mark == '}' ||
             (token_.mark == '&' && rows_ > 0) || closes_interval() ||
             (token_.mark == '|' && (in_bars_ || in_set_)) || (token_.mark == '>' && in_angles_) ||
             (token_.mark == ':' && in_set_);
    case TokenKind::kCommand:
      return token_.command == Command::kCloseBrace || token_.command == Command::kCloseAngle ||
             token_.command == Command::kEnd || token_.command == Command::kFloorClose ||
             token_.command == Command::kCeilClose ||
             (token_.command == Command::kBar && (in_bars_ || in_set_));
    default:
      return false;
  }
}

bool MathParser::at_separator() {
  switch (token_.kind) {
    case TokenKind::kMark:
      return token_.mark == ',' || token_.mark == ';' || (token_.mark == '&' && rows_ == 0);
    case TokenKind::kLetters:
      return is_link_word(letters()) && token_.begin >= split_until_;
    case TokenKind::kCommand: {
      if (token_.command == Command::kAnd || token_.command == Command::kOr ||
          token_.command == Command::kComma)
        return true;
      if (token_.command != Command::kText) return false;
      size_t end = 0;
      std::string_view content = trim(text_content(end));
      while (content.starts_with(',') || content.starts_with(' ')) content.remove_prefix(1);
      return is_link_word(content) || (content.empty() && end > 0);
    }
    default:
      return false;
  }
}

bool MathParser::skip_separator() {
  bool skipped = false;
  while (at_separator()) {
    skipped = true;
    size_t end = token_.end;
    if (is_command(Command::kText)) text_content(end);
    const std::string_view link = slice(token_.begin, end);
    if (is_command(Command::kAnd) || link.find("and") != std::string_view::npos || link == "&")
      links_ |= kLinkAnd;
    if (is_command(Command::kOr) || link.find("or") != std::string_view::npos) {
      if (link.find("for") == std::string_view::npos) links_ |= kLinkOr;
    }
    reread(end);
  }
  if (is_mark('.')) {  // a full stop at the end of the answer
    const Token stop = token_;
    advance();
    if (!at_end() && !at_list_end()) {
      token_ = stop;
      lexer_.seek(stop.end);
    }
  }
  return skipped;
}

/// -1 if there is nothing.
NodeId MathParser::list() {
  const size_t from = pending_.size();
  const uint8_t outer_links = links_;
  skip_separator();
  links_ = 0;
  while (!at_list_end()) {
    const NodeId id = element();
    if (failed_) return id;
    const Node& node = out_[id];
    if (node.op == Op::kList && !(node.flags & kGrouped)) {
      const auto children = out_.children(id);
      pending_.insert(pending_.end(), children.begin(), children.end());
    } else {
      pending_.push_back(id);
    }
    pending_.insert(pending_.end(), conditions_.begin(), conditions_.end());
    conditions_.clear();
    if (!skip_separator()) break;
  }
  const uint8_t links = links_;
  links_ = outer_links;
  if (pending_.size() == from) return -1;
  return pending_.size() > from + 1 ? nary(Op::kList, from, links) : take_pending();
}

/// Words that stand between the elements of a list, or before a condition.
bool MathParser::is_link_word(std::string_view word) {
  for (const std::string_view link : {"and", "or", "if", "when", "where", "for", "with", "for all", "for any",
                                      "for some", "for every", "such that"}) {
    if (word == link) return true;
  }
  return false;
}

NodeId MathParser::element() {
  if (++depth_ > kMaxMathDepth) return fail("nested too deep", true);
  const size_t outer_begin = unit_begin_, outer_end = unit_end_;
  unit_begin_ = unit_end_ = 0;
  const Token first = token_;
  NodeId id = relation_chain();
  if (failed_) return id;
  if (unit_end_ > unit_begin_) {
    const std::string_view unit = slice(unit_begin_, unit_end_);
    const bool percent =
        unit.find("percent") != std::string_view::npos || unit == "pct" || unit == "per cent";
    if (!percent) go_on_with_amount();
    if (token_.kind == TokenKind::kNumber && !percent) id = with_more_units(id);
    if (failed_) return 0;
    id = unary(percent ? Op::kPercent : Op::kUnit, id);
    out_.nodes[static_cast<size_t>(id)].text = unit;
  } else if (first.kind == TokenKind::kLetters && first.end > first.begin + 1 && split_until_ == first.end &&
             out_[id].op == Op::kProduct && token_.begin >= first.end &&
             out_[id].count == int(first.end - first.begin)) {
    out_.nodes[static_cast<size_t>(id)].flags |= kFromWord;
    out_.nodes[static_cast<size_t>(id)].text = slice(first.begin, first.end);
  }
  unit_begin_ = outer_begin;
  unit_end_ = outer_end;
  --depth_;
  return id;
}

/// Whether a relation stands at the token; which one.
bool MathParser::relation(Relation& out) const {
  if (token_.kind == TokenKind::kCommand && token_.command == Command::kRelation) {
    out = static_cast<Relation>(token_.aux);
    return true;
  }
  if (is_command(Command::kNot)) {
    const std::string_view rest = trim(lexer_.text().substr(token_.end));
    out = rest.starts_with("\\in") ? Relation::kNotIn : Relation::kNotEqual;
    return true;
  }
  if (token_.kind != TokenKind::kMark) return false;
  const std::string_view rest = lexer_.text().substr(token_.begin, 2);
  switch (token_.mark) {
    case '=':
      out = rest == "=<" ? Relation::kLessEqual : Relation::kEqual;
      return true;
    case '<':
      out = rest == "<=" ? Relation::kLessEqual : rest == "<>" ? Relation::kNotEqual : Relation::kLess;
      return true;
    case '>':
      out = rest == ">=" ? Relation::kGreaterEqual : Relation::kGreater;
      return !in_angles_;
    case '!':
      out = Relation::kNotEqual;
      return rest == "!=";
    default:
      return false;
  }
}

void MathParser::skip_relation() {
  const char mark = token_.kind == TokenKind::kMark ? token_.mark : '\0';
  const bool negation = is_command(Command::kNot);
  advance();
  Relation second{};
  if (negation && relation(second)) {
    advance();
  } else if (mark != '\0' && token_.kind == TokenKind::kMark && !token_.space_before &&
             (token_.mark == '=' || (mark == '<' && token_.mark == '>') ||
              (mark == '=' && token_.mark == '<'))) {
    advance();
  }
}

NodeId MathParser::relation_chain() {
  Relation which{};
  while (relation(which)) {  // "= 5" and "\approx 5" are 5
    if (which != Relation::kEqual && which != Relation::kApprox) break;
    skip_relation();
  }
  const size_t from = pending_.size();
  pending_.push_back(set_expression());
  int64_t relations = 0;
  int count = 0;
  for (;;) {
    if (in_system_ && is_mark('&')) {  // "x &= 1"
      const Token column = token_;
      advance();
      if (!relation(which)) {
        token_ = column;
        lexer_.seek(column.end);
      }
    }
    if (failed_ || !relation(which)) break;
    if (count == 15) return fail("more than 15 relations in a row", true);
    relations |= static_cast<int64_t>(which) << (4 * count++);
    skip_relation();
    pending_.push_back(set_expression());
  }
  if (failed_) return 0;
  if (count > 0) return nary(Op::kRelation, from, 0, relations);
  const NodeId only = pending_.back();
  pending_.pop_back();
  return only;
}

NodeId MathParser::set_expression() {
  NodeId left = ratio();
  while (!failed_) {
    Op op = Op::kUnion;
    if (is_command(Command::kCap)) {
      op = Op::kIntersection;
    } else if (is_command(Command::kSetminus)) {
      op = Op::kWithout;
    } else if (!is_command(Command::kCup)) {
      const Op left_op = out_[left].op;
      const bool set = left_op == Op::kTuple || left_op == Op::kSet || left_op == Op::kUnion;
      if (!set || token_.kind != TokenKind::kLetters || (letters() != "U" && letters() != "u")) break;
    }
    advance();
    left = binary(op, left, ratio());
  }
  return left;
}

/// ":", or "to" between numbers.
bool MathParser::at_ratio() const {
  if (is_mark(':') || is_command(Command::kColon)) return true;
  if (token_.kind == TokenKind::kLetters) return letters() == "to" && token_.begin >= split_until_;
  size_t end = 0;
  return is_command(Command::kText) && trim(text_content(end)) == "to";
}

NodeId MathParser::ratio() {
  const size_t from = pending_.size();
  NodeId first = sum();
  while (!failed_ && !in_set_ && at_ratio()) {
    if (is_command(Command::kText)) {
      size_t end = 0;
      text_content(end);
      reread(end);
    } else {
      advance();
    }
    if (out_[first].op == Op::kText && pending_.size() == from) {  // a label: "Area: 5"
      first = sum();
      continue;
    }
    if (pending_.size() == from) pending_.push_back(first);
    pending_.push_back(sum());
  }
  if (failed_) return 0;
  return pending_.size() == from ? first : nary(Op::kRatio, from);
}

}  // namespace hone
