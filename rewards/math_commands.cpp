// The latex commands that mean something in an answer.
#include <algorithm>
#include <array>

#include "rewards/math_expr.h"
#include "rewards/math_lexer.h"

namespace hone {
namespace {

constexpr CommandInfo function(std::string_view name, Function f) {
  return {name, Command::kFunction, uint8_t(f)};
}
constexpr CommandInfo relation(std::string_view name, Relation r) {
  return {name, Command::kRelation, uint8_t(r)};
}

// clang-format off
constexpr auto kUnsorted = std::to_array<CommandInfo>({
    {"frac", Command::kFrac}, {"dfrac", Command::kFrac}, {"tfrac", Command::kFrac}, {"cfrac", Command::kFrac},
    {"nicefrac", Command::kFrac}, {"sfrac", Command::kFrac}, {"flatfrac", Command::kFrac},
    {"binom", Command::kBinom}, {"dbinom", Command::kBinom}, {"tbinom", Command::kBinom}, {"sqrt", Command::kSqrt},
    {"text", Command::kText}, {"mbox", Command::kText}, {"textrm", Command::kText}, {"textbf", Command::kText},
    {"textit", Command::kText}, {"textnormal", Command::kText}, {"texttt", Command::kText}, {"hbox", Command::kText},
    {"textsf", Command::kText}, {"emph", Command::kText},
    {"mathrm", Command::kMathFont}, {"mathbf", Command::kMathFont}, {"mathit", Command::kMathFont}, {"bf", Command::kDecoration},
    {"operatorname", Command::kMathFont}, {"mathsf", Command::kMathFont}, {"mathtt", Command::kMathFont}, {"rm", Command::kDecoration},
    {"boldsymbol", Command::kMathFont}, {"mathcal", Command::kMathFont}, {"mathbb", Command::kMathFont}, {"bm", Command::kMathFont}, {"Bbb", Command::kMathFont},
    {"begin", Command::kBegin}, {"end", Command::kEnd},
    {"cdot", Command::kTimes}, {"times", Command::kTimes}, {"ast", Command::kTimes}, {"div", Command::kDivide}, {"over", Command::kOver}, {"choose", Command::kChoose},
    {"pm", Command::kPlusMinus}, {"mp", Command::kMinusPlus},
    {"lbrace", Command::kOpenBrace}, {"rbrace", Command::kCloseBrace}, {"langle", Command::kOpenAngle}, {"rangle", Command::kCloseAngle},
    {"vert", Command::kBar}, {"lvert", Command::kBar}, {"rvert", Command::kBar}, {"mid", Command::kBar},
    {"lfloor", Command::kFloorOpen}, {"rfloor", Command::kFloorClose}, {"lceil", Command::kCeilOpen}, {"rceil", Command::kCeilClose},
    function("sin", Function::kSin), function("cos", Function::kCos), function("tan", Function::kTan), function("tg", Function::kTan),
    function("cot", Function::kCot), function("sec", Function::kSec), function("csc", Function::kCsc),
    function("arcsin", Function::kArcsin), function("arccos", Function::kArccos), function("arctan", Function::kArctan),
    function("asin", Function::kArcsin), function("acos", Function::kArccos), function("atan", Function::kArctan),
    function("arccot", Function::kArccot), function("sinh", Function::kSinh), function("cosh", Function::kCosh),
    function("tanh", Function::kTanh), function("ln", Function::kLn), function("log", Function::kLog), function("lg", Function::kLog),
    function("exp", Function::kExp), function("gcd", Function::kGcd), function("lcm", Function::kLcm), function("max", Function::kMax),
    function("min", Function::kMin), function("cis", Function::kCis),
    function("arcsec", Function::kArcsec), function("arccsc", Function::kArccsc), function("arctg", Function::kArctan),
    function("ctg", Function::kCot), function("cosec", Function::kCsc), function("Re", Function::kRealPart), function("Im", Function::kImaginaryPart),
    {"abs", Command::kCall, uint8_t(Op::kAbsolute)}, {"sum", Command::kSum}, {"prod", Command::kProd}, {"surd", Command::kSqrt},
    {"pounds", Command::kDollar}, {"euro", Command::kDollar}, {"yen", Command::kDollar}, {"rupee", Command::kDollar},
    {"textdollar", Command::kDollar}, {"texteuro", Command::kDollar}, {"textsterling", Command::kDollar}, {"textyen", Command::kDollar},
    {"permil", Command::kPermille}, {"textperthousand", Command::kPermille}, {"textdegree", Command::kCirc},
    {"pi", Command::kPi}, {"infty", Command::kInfinity}, {"infin", Command::kInfinity},
    relation("le", Relation::kLessEqual), relation("leq", Relation::kLessEqual), relation("leqslant", Relation::kLessEqual),
    relation("ge", Relation::kGreaterEqual), relation("geq", Relation::kGreaterEqual), relation("geqslant", Relation::kGreaterEqual),
    relation("lt", Relation::kLess), relation("gt", Relation::kGreater), relation("ne", Relation::kNotEqual),
    relation("neq", Relation::kNotEqual), relation("approx", Relation::kApprox), relation("in", Relation::kIn), relation("notin", Relation::kNotIn),
    relation("simeq", Relation::kApprox), relation("sim", Relation::kApprox), relation("equiv", Relation::kEqual), relation("cong", Relation::kEqual),
    {"cup", Command::kCup}, {"bigcup", Command::kCup}, {"cap", Command::kCap}, {"setminus", Command::kSetminus},
    {"backslash", Command::kSetminus}, {"emptyset", Command::kEmptySet}, {"varnothing", Command::kEmptySet}, {"oslash", Command::kEmptySet},
    {"R", Command::kReals}, {"circ", Command::kCirc}, {"degree", Command::kCirc}, {"prime", Command::kPrime},
    {"triangle", Command::kShape}, {"angle", Command::kShape}, {"bar", Command::kOverline}, {"vec", Command::kDecoration},
    {"hat", Command::kDecoration}, {"overrightarrow", Command::kDecoration}, {"underline", Command::kDecoration},
    {"boxed", Command::kDecoration}, {"fbox", Command::kDecoration}, {"widehat", Command::kDecoration}, {"tilde", Command::kDecoration},
    {"overline", Command::kOverline}, {"dot", Command::kOverline},
    {"ldots", Command::kDots}, {"dots", Command::kDots}, {"cdots", Command::kDots}, {"colon", Command::kColon},
    {"land", Command::kAnd}, {"wedge", Command::kAnd}, {"lor", Command::kOr}, {"vee", Command::kOr},
    {"pmod", Command::kMod}, {"bmod", Command::kMod}, {"mod", Command::kMod}, {"not", Command::kNot},
    {"hspace", Command::kSkipArgument}, {"vspace", Command::kSkipArgument}, {"label", Command::kSkipArgument}, {"tag", Command::kSkipArgument},
    {"color", Command::kSkipArgument}, {"textcolor", Command::kSkipArgument}, {"colorbox", Command::kSkipArgument}, {"phantom", Command::kSkipArgument}, {"hphantom", Command::kSkipArgument},
    {"alpha", Command::kSymbol}, {"beta", Command::kSymbol}, {"gamma", Command::kSymbol}, {"delta", Command::kSymbol},
    {"epsilon", Command::kSymbol}, {"zeta", Command::kSymbol}, {"eta", Command::kSymbol}, {"theta", Command::kSymbol},
    {"iota", Command::kSymbol}, {"kappa", Command::kSymbol}, {"lambda", Command::kSymbol}, {"mu", Command::kSymbol},
    {"nu", Command::kSymbol}, {"xi", Command::kSymbol}, {"rho", Command::kSymbol}, {"sigma", Command::kSymbol},
    {"tau", Command::kSymbol}, {"upsilon", Command::kSymbol}, {"phi", Command::kSymbol}, {"chi", Command::kSymbol},
    {"psi", Command::kSymbol}, {"omega", Command::kSymbol}, {"Gamma", Command::kSymbol}, {"Delta", Command::kSymbol},
    {"Theta", Command::kSymbol}, {"Lambda", Command::kSymbol}, {"Xi", Command::kSymbol}, {"Pi", Command::kSymbol},
    {"Sigma", Command::kSymbol}, {"Phi", Command::kSymbol}, {"Psi", Command::kSymbol}, {"Omega", Command::kSymbol},
    {"varphi", Command::kSymbol}, {"vartheta", Command::kSymbol}, {"varepsilon", Command::kSymbol}, {"ell", Command::kSymbol},
    {"star", Command::kSymbol}, {"bullet", Command::kSymbol}, {"perp", Command::kSymbol}, {"parallel", Command::kSymbol},
    {"square", Command::kSymbol}, {"top", Command::kSymbol}, {"intercal", Command::kSymbol}, {"det", Command::kDeterminant}, {"diamondsuit", Command::kSymbol}, {"clubsuit", Command::kSymbol}, {"heartsuit", Command::kSymbol},
    {"spadesuit", Command::kSymbol}, {"therefore", Command::kComma}, {"because", Command::kComma},
    {"Rightarrow", Command::kComma}, {"Longrightarrow", Command::kComma}, {"implies", Command::kComma},
});
// clang-format on

constexpr auto sorted() {
  auto table = kUnsorted;
  std::sort(table.begin(), table.end(),
            [](const CommandInfo& a, const CommandInfo& b) { return a.name < b.name; });
  return table;
}
constexpr auto kCommands = sorted();

}  // namespace

CommandInfo find_command(std::string_view name) {
  const auto at = std::lower_bound(kCommands.begin(), kCommands.end(), name,
                                   [](const CommandInfo& info, std::string_view n) { return info.name < n; });
  if (at == kCommands.end() || at->name != name) return {name};
  return *at;
}

}  // namespace hone
