#include "model/jinja_parser.h"

#include <algorithm>

#include "core/document.h"
#include "model/jinja_check.h"
#include "model/jinja_expr_parser.h"

namespace hone {
namespace {

constexpr int kMaxBlocks = 60;  // statements within each other

using Kind = JinjaStatementKind;
using EndTags = std::initializer_list<std::string_view>;

class JinjaParser : public JinjaExprParser {
 public:
  using JinjaExprParser::JinjaExprParser;

  JinjaProgram parse() {
    program_.body = body({});
    return std::move(program_);
  }

 private:
  JinjaStatement start(Kind kind, const JinjaToken& token) const {
    JinjaStatement statement{.kind = kind};
    statement.line = token.line, statement.column = token.column;
    return statement;
  }

  /// Statements up to one of the end tags, at whose name it stops; to the end of the template where there are
  /// none.
  JinjaBody body(EndTags ends) {
    JinjaBody statements;
    while (!is(JinjaTokenKind::kEnd)) {
      const JinjaToken token = next();
      if (token.kind == JinjaTokenKind::kData) {
        statements.push_back(start(Kind::kData, token));
        statements.back().text = token.text;
      } else if (token.kind == JinjaTokenKind::kVariableBegin) {
        statements.push_back(start(Kind::kPrint, token));
        statements.back().exprs.push_back(tuple(TupleMode::kFull));
        expect(JinjaTokenKind::kVariableEnd, "end of print statement");
      } else {
        for (const std::string_view end : ends)
          if (is_name(end)) return statements;
        statements.push_back(statement(ends));
        expect(JinjaTokenKind::kBlockEnd, "end of statement block");
      }
    }
    if (ends.size()) fail(current(), "Unexpected end of template.", looking_for(ends));
    return statements;
  }

  /// The rest of a tag, then statements up to an end tag.
  JinjaBody tag_body(EndTags ends, bool drop_end = true) {
    skip_operator(":");
    expect(JinjaTokenKind::kBlockEnd, "end of statement block");
    if (++blocks_ > kMaxBlocks) fail(current(), "more than ", kMaxBlocks, " blocks within each other");
    JinjaBody statements = body(ends);
    --blocks_;
    if (drop_end) next();
    return statements;
  }

  std::string looking_for(EndTags ends) const {
    std::string text;
    for (const std::string_view end : ends) text += concat(text.empty() ? "" : " or ", "'", end, "'");
    if (!text.empty()) text = concat(" Jinja was looking for the following tags: ", text, ".");
    if (!open_.empty())
      text += concat(" The innermost block that needs to be closed is '", open_.back(), "'.");
    return text;
  }

  JinjaStatement statement(EndTags ends) {
    const JinjaToken token = current();
    if (token.kind != JinjaTokenKind::kName) fail(token, "tag name expected");
    const std::string& tag = token.text;
    using Parse = JinjaStatement (JinjaParser::*)();
    static const std::unordered_map<std::string, Parse> parsers = {{"for", &JinjaParser::for_loop},
                                                                   {"if", &JinjaParser::if_else},
                                                                   {"set", &JinjaParser::set},
                                                                   {"macro", &JinjaParser::macro},
                                                                   {"call", &JinjaParser::call_block},
                                                                   {"filter", &JinjaParser::filter_block},
                                                                   {"with", &JinjaParser::with},
                                                                   {"print", &JinjaParser::print},
                                                                   {"block", &JinjaParser::block},
                                                                   {"generation", &JinjaParser::generation},
                                                                   {"autoescape", &JinjaParser::autoescape},
                                                                   {"break", &JinjaParser::loop_control},
                                                                   {"continue", &JinjaParser::loop_control},
                                                                   {"extends", &JinjaParser::unloadable},
                                                                   {"include", &JinjaParser::unloadable},
                                                                   {"import", &JinjaParser::unloadable},
                                                                   {"from", &JinjaParser::unloadable}};
    const auto found = parsers.find(tag);
    if (found == parsers.end()) {
      std::vector<std::string> known;
      for (const auto& parser : parsers) known.push_back(parser.first);
      std::sort(known.begin(), known.end());
      const std::string near = nearest_name(tag, known);
      fail(token, "Encountered unknown tag '", tag, "'.", looking_for(ends),
           near.empty() ? "" : concat(" Did you mean '", near, "'?"));
    }
    open_.push_back(tag);
    JinjaStatement result = (this->*found->second)();
    open_.pop_back();
    return result;
  }

  /// What `set`, `for` and `with` assign to.
  JinjaExprPtr target(TupleMode mode, std::string_view end = "") {
    const JinjaToken token = current();
    JinjaExprPtr result = tuple(mode, end);
    check_target(*result, token);
    return result;
  }

  JinjaStatement for_loop() {
    JinjaStatement loop = start(Kind::kFor, next());
    loop.exprs.push_back(target(TupleMode::kTargets, "in"));
    if (!skip_name("in")) fail(current(), "expected token 'in', got '", describe(current()), "'");
    loop.exprs.push_back(tuple(TupleMode::kNoCondition, "recursive"));
    loop.exprs.push_back(skip_name("if") ? expression() : nullptr);
    loop.flag = skip_name("recursive");
    const int outer = std::exchange(loops_, loops_ + 1);
    loop.bodies.push_back(tag_body({"endfor", "else"}, false));
    loops_ = outer;
    loop.bodies.push_back(next().text == "else" ? tag_body({"endfor"}) : JinjaBody());
    return loop;
  }

  JinjaStatement if_else() {
    JinjaStatement result = start(Kind::kIf, current());
    do {
      next();
      result.exprs.push_back(tuple(TupleMode::kNoCondition));
      result.bodies.push_back(tag_body({"elif", "else", "endif"}, false));
    } while (is_name("elif"));
    if (next().text == "else") result.bodies.push_back(tag_body({"endif"}));
    return result;
  }

  JinjaStatement set() {
    JinjaStatement result = start(Kind::kSet, next());
    result.exprs.push_back(target(TupleMode::kNamespaceTargets));
    if (skip_operator("=")) {
      result.exprs.push_back(tuple(TupleMode::kFull));
      return result;
    }
    result.kind = Kind::kSetBlock;
    result.exprs.push_back(filters(nullptr, false));
    result.bodies.push_back(function_body({"endset"}));
    return result;
  }

  void signature(JinjaStatement& statement_) {
    expect_operator("(");
    while (!is_operator(")")) {
      if (!statement_.parameters.empty()) expect_operator(",");
      const JinjaToken name = expect(JinjaTokenKind::kName, "name");
      JinjaParameter parameter{.name = name_id(name.text)};
      if (skip_operator("="))
        parameter.default_value = expression();
      else if (!statement_.parameters.empty() && statement_.parameters.back().default_value)
        fail(name, "non-default argument follows default argument");
      for (const JinjaParameter& earlier : statement_.parameters)
        if (earlier.name == parameter.name) fail(name, "duplicate argument '", name.text, "'");
      statement_.parameters.push_back(std::move(parameter));
    }
    expect_operator(")");
  }

  /// Of what is a function in Python: break and continue do not reach the loop around it.
  JinjaBody function_body(EndTags ends) {
    const int outer = std::exchange(loops_, 0);
    JinjaBody statements = tag_body(ends);
    loops_ = outer;
    return statements;
  }

  JinjaStatement macro() {
    JinjaStatement result = start(Kind::kMacro, next());
    result.name = name_id(result.text = expect(JinjaTokenKind::kName, "name").text);
    signature(result);
    result.bodies.push_back(function_body({"endmacro"}));
    return result;
  }

  JinjaStatement call_block() {
    JinjaStatement result = start(Kind::kCall, next());
    if (is_operator("(")) signature(result);
    const JinjaToken token = current();
    result.exprs.push_back(expression());
    if (result.exprs[0]->kind != JinjaExprKind::kCall) fail(token, "expected call");
    result.bodies.push_back(function_body({"endcall"}));
    return result;
  }

  JinjaStatement filter_block() {
    JinjaStatement result = start(Kind::kFilterBlock, next());
    result.exprs.push_back(filters(nullptr, true));
    result.bodies.push_back(tag_body({"endfilter"}));
    return result;
  }

  JinjaStatement with() {
    JinjaStatement result = start(Kind::kWith, next());
    while (!is(JinjaTokenKind::kBlockEnd)) {
      if (!result.exprs.empty()) expect_operator(",");
      result.exprs.push_back(target(TupleMode::kTargets));
      expect_operator("=");
      result.exprs.push_back(expression());
    }
    result.bodies.push_back(tag_body({"endwith"}));
    return result;
  }

  JinjaStatement print() {
    JinjaStatement result = start(Kind::kPrint, next());
    while (!is(JinjaTokenKind::kBlockEnd)) {
      if (!result.exprs.empty()) expect_operator(",");
      result.exprs.push_back(expression());
    }
    return result;
  }

  JinjaStatement block() {
    JinjaStatement result = start(Kind::kBlock, next());
    const JinjaToken name = expect(JinjaTokenKind::kName, "name");
    result.text = name.text;
    if (!blocks_seen_.emplace(name.text, 0).second) fail(name, "block '", name.text, "' defined twice");
    result.flag = skip_name("scoped");
    skip_name("required");
    result.bodies.push_back(function_body({"endblock"}));
    skip_name(result.text);
    return result;
  }

  JinjaStatement generation() {
    JinjaStatement result = start(Kind::kGeneration, next());
    program_.has_generation = true;
    result.bodies.push_back(function_body({"endgeneration"}));
    return result;
  }

  JinjaStatement autoescape() {
    JinjaStatement result = start(Kind::kAutoescape, next());
    result.exprs.push_back(expression());
    result.bodies.push_back(tag_body({"endautoescape"}));
    return result;
  }

  JinjaStatement loop_control() {
    const JinjaToken token = next();
    if (loops_ == 0) fail(token, "'", token.text, "' outside loop");
    return start(token.text == "break" ? Kind::kBreak : Kind::kContinue, token);
  }

  /// These need a loader, and chat templates have none: an error once they are reached, as with transformers.
  JinjaStatement unloadable() {
    JinjaStatement result = start(Kind::kUnloadable, current());
    result.text = next().text;
    while (!is(JinjaTokenKind::kBlockEnd) && !is(JinjaTokenKind::kEnd)) next();
    return result;
  }

  int blocks_ = 0, loops_ = 0;
  std::vector<std::string> open_;  // tags that are being parsed
  std::unordered_map<std::string, int> blocks_seen_;
};

}  // namespace

JinjaProgram parse_jinja(const std::string& file, std::string_view source) {
  JinjaProgram program = JinjaParser(file, lex_jinja(file, source)).parse();
  check_jinja(program);
  return program;
}

}  // namespace hone
