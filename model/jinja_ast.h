// A parsed template: statements that print, choose, loop and define, and the expressions in them. Plain data,
// made by the parser and walked by the interpreter.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "model/jinja_value.h"

namespace hone {

struct JinjaExpr;
struct JinjaStatement;
using JinjaExprPtr = std::unique_ptr<JinjaExpr>;
using JinjaBody = std::vector<JinjaStatement>;

enum class JinjaExprKind : uint8_t {
  kConstant,            // constant
  kName,                // name
  kNamespaceAttribute,  // a target: name.text
  kTuple,               // children
  kList,                // children
  kDict,                // children: key, value, key, value, ...
  kBinary,              // text: + - * / // % **; children: both sides
  kConcat,              // children, joined as texts
  kCompare,             // text of operators in `operators`; children: one more than operators
  kAnd,
  kOr,
  kNot,
  kNegate,
  kPlus,
  kCondition,  // children: test, value, other value (which may be null)
  kAttribute,  // children[0].text
  kItem,       // children[0][children[1]]
  kSlice,      // children: start, stop, step, each of which may be null; only inside kItem
  kCall,       // children[0](arguments)
  kFilter,     // children[0] | text(arguments); children[0] is null in a filter block
  kTest,       // children[0] is text(arguments)
};

struct JinjaArguments {
  std::vector<JinjaExprPtr> positional;
  std::vector<std::pair<std::string, JinjaExprPtr>> named;
  JinjaExprPtr all_positional, all_named;  // *list, **dict; may be null
};

struct JinjaExpr {
  JinjaExprKind kind;
  int line = 1, column = 1;
  int depth = 1;  // levels of expressions, this one counted
  int name = -1;  // index into the template's names
  std::string text;
  JinjaValue constant;
  std::vector<JinjaExprPtr> children;
  std::vector<std::string> operators;
  JinjaArguments arguments;
};

enum class JinjaStatementKind : uint8_t {
  kData,         // text
  kPrint,        // exprs
  kIf,           // exprs[i] is the test of bodies[i]; one more body is the else
  kFor,          // exprs: target, iterable, filter (may be null); bodies: body, else
  kSet,          // exprs: target, value
  kSetBlock,     // exprs: target, filter (may be null); bodies[0]
  kMacro,        // name, parameters; bodies[0]
  kCall,         // exprs[0] is the call; parameters of the caller; bodies[0] is the caller's
  kFilterBlock,  // exprs[0]; bodies[0]
  kWith,         // exprs: target, value, target, value, ...; bodies[0]
  kBlock,        // bodies[0]
  kGeneration,   // bodies[0]: what the assistant says
  kAutoescape,   // exprs[0]; bodies[0]
  kBreak,
  kContinue,
  kUnloadable,  // text: extends, include, import or from, which need other files
};

struct JinjaParameter {
  int name;
  JinjaExprPtr default_value;  // may be null
};

struct JinjaStatement {
  JinjaStatementKind kind;
  int line = 1, column = 1;
  int name = -1;
  std::string text;
  bool flag = false;                                                    // of a loop: recursive
  bool uses_caller = false, uses_kwargs = false, uses_varargs = false;  // of a macro or call block
  std::vector<JinjaExprPtr> exprs;
  std::vector<JinjaBody> bodies;
  std::vector<JinjaParameter> parameters;
};

struct JinjaProgram {
  std::string file;                // for messages
  std::vector<std::string> names;  // of variables
  JinjaBody body;
  bool has_generation = false;
};

}  // namespace hone
