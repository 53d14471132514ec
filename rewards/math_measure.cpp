#include "rewards/math_measure.h"

#include <algorithm>

namespace hone {
namespace {

using D = Dimension;
struct Entry {
  std::string_view name;
  Rational factor;
  D dimension;
  int8_t power = 1;
  D per = D::kCount;  // miles per hour: kTime
  int8_t pi = 0;
};
constexpr Entry unit(std::string_view name, D dimension, int64_t top = 1, int64_t bottom = 1,
                     int8_t power = 1) {
  return {name, {top, bottom}, dimension, power};
}
constexpr Entry speed(std::string_view name, int64_t top, int64_t bottom) {
  return {name, {top, bottom}, D::kLength, 1, D::kTime};
}
constexpr Entry radian(std::string_view name) { return {name, {180, 1}, D::kAngle, 1, D::kCount, -1}; }

// clang-format off
constexpr auto kUnsorted = std::to_array<Entry>({
    unit("mm", D::kLength, 1, 1000), unit("millimeter", D::kLength, 1, 1000), unit("millimetre", D::kLength, 1, 1000),
    unit("cm", D::kLength, 1, 100), unit("centimeter", D::kLength, 1, 100), unit("centimetre", D::kLength, 1, 100),
    unit("dm", D::kLength, 1, 10), unit("m", D::kLength), unit("meter", D::kLength), unit("metre", D::kLength),
    unit("km", D::kLength, 1000), unit("kilometer", D::kLength, 1000), unit("kilometre", D::kLength, 1000),
    unit("in", D::kLength, 127, 5000), unit("inch", D::kLength, 127, 5000), unit("inches", D::kLength, 127, 5000),
    unit("ft", D::kLength, 381, 1250), unit("foot", D::kLength, 381, 1250), unit("feet", D::kLength, 381, 1250),
    unit("yd", D::kLength, 1143, 1250), unit("yard", D::kLength, 1143, 1250),
    unit("mi", D::kLength, 201168, 125), unit("mile", D::kLength, 201168, 125),
    unit("mg", D::kMass, 1, 1000), unit("milligram", D::kMass, 1, 1000), unit("g", D::kMass), unit("gram", D::kMass),
    unit("kg", D::kMass, 1000), unit("kilogram", D::kMass, 1000), unit("lb", D::kMass, 45359237, 100000),
    unit("lbs", D::kMass, 45359237, 100000), unit("oz", D::kMass, 45359237, 1600000), unit("ounce", D::kMass, 45359237, 1600000),
    unit("ms", D::kTime, 1, 1000), unit("s", D::kTime), unit("sec", D::kTime), unit("second", D::kTime),
    unit("min", D::kTime, 60), unit("minute", D::kTime, 60), unit("h", D::kTime, 3600), unit("hr", D::kTime, 3600),
    unit("hour", D::kTime, 3600), unit("day", D::kTime, 86400), unit("week", D::kTime, 604800),
    unit("month", D::kMonth), unit("year", D::kMonth, 12), unit("yr", D::kMonth, 12),
    unit("ml", D::kLength, 1, 1000000, 3), unit("mL", D::kLength, 1, 1000000, 3), unit("milliliter", D::kLength, 1, 1000000, 3),
    unit("l", D::kLength, 1, 1000, 3), unit("L", D::kLength, 1, 1000, 3), unit("liter", D::kLength, 1, 1000, 3),
    unit("litre", D::kLength, 1, 1000, 3), unit("acre", D::kLength, 40468564224, 10000000, 2),
    unit("gallon", D::kLength, 473176473, 125000000000, 3), unit("gal", D::kLength, 473176473, 125000000000, 3),
    unit("quart", D::kLength, 473176473, 500000000000, 3), unit("pint", D::kLength, 473176473, 1000000000000, 3),
    unit("hectare", D::kLength, 10000, 1, 2), unit("ha", D::kLength, 10000, 1, 2),
    unit("dollar", D::kDollar), unit("USD", D::kDollar), unit("usd", D::kDollar), unit("buck", D::kDollar), unit("cent", D::kDollar, 1, 100),
    unit("penny", D::kDollar, 1, 100), unit("pennies", D::kDollar, 1, 100), unit("euro", D::kEuro), unit("EUR", D::kEuro),
    unit("GBP", D::kPound), unit("yuan", D::kYuan), unit("RMB", D::kYuan), unit("CNY", D::kYuan), unit("rupee", D::kRupee),
    unit("Rs", D::kRupee), unit("INR", D::kRupee), unit("yen", D::kYen), unit("JPY", D::kYen),
    unit("degree", D::kAngle), unit("deg", D::kAngle), radian("radian"), radian("rad"),
    unit("C", D::kCelsius), unit("Celsius", D::kCelsius), unit("F", D::kFahrenheit), unit("Fahrenheit", D::kFahrenheit),
    speed("mph", 1397, 3125), speed("kmh", 5, 18), speed("kph", 5, 18), speed("kmph", 5, 18),
    // Chinese; longer names before their endings
    unit("\xE5\x8E\x98\xE7\xB1\xB3", D::kLength, 1, 100), unit("\xE5\x88\x86\xE7\xB1\xB3", D::kLength, 1, 10),
    unit("\xE6\xAF\xAB\xE7\xB1\xB3", D::kLength, 1, 1000), unit("\xE5\x8D\x83\xE7\xB1\xB3", D::kLength, 1000),
    unit("\xE5\x85\xAC\xE9\x87\x8C", D::kLength, 1000), unit("\xE7\xB1\xB3", D::kLength),
    unit("\xE5\x8D\x83\xE5\x85\x8B", D::kMass, 1000), unit("\xE5\x85\xAC\xE6\x96\xA4", D::kMass, 1000),
    unit("\xE5\x85\x8B", D::kMass), unit("\xE5\x90\xA8", D::kMass, 1000000),
    unit("\xE6\xAF\xAB\xE5\x8D\x87", D::kLength, 1, 1000000, 3), unit("\xE5\x8D\x87", D::kLength, 1, 1000, 3),
    unit("\xE5\xB0\x8F\xE6\x97\xB6", D::kTime, 3600), unit("\xE5\x88\x86\xE9\x92\x9F", D::kTime, 60),
    unit("\xE7\xA7\x92", D::kTime), unit("\xE5\xA4\xA9", D::kTime, 86400), unit("\xE5\xBA\xA6", D::kAngle),
    unit("\xE5\x85\x83", D::kYuan), unit("\xE8\xA7\x92", D::kYuan, 1, 10),
});
// clang-format on

constexpr auto sorted() {
  auto table = kUnsorted;
  std::sort(table.begin(), table.end(), [](const Entry& a, const Entry& b) { return a.name < b.name; });
  return table;
}
constexpr auto kEntries = sorted();

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

const Entry* find(std::string_view name) {
  const auto at = std::lower_bound(kEntries.begin(), kEntries.end(), name,
                                   [](const Entry& entry, std::string_view n) { return entry.name < n; });
  if (at != kEntries.end() && at->name == name) return &*at;
  return name.size() > 2 && name.back() == 's' ? find(name.substr(0, name.size() - 1)) : nullptr;
}

/// The longest name, beyond ASCII, that the text begins with.
const Entry* find_foreign(std::string_view text) {
  const Entry* best = nullptr;
  for (const Entry& entry : kEntries) {
    if (static_cast<unsigned char>(entry.name[0]) < 0x80 || !text.starts_with(entry.name)) continue;
    if (!best || entry.name.size() > best->name.size()) best = &entry;
  }
  return best;
}

constexpr std::string_view kSquare = "\xE5\xB9\xB3\xE6\x96\xB9", kCubic = "\xE7\xAB\x8B\xE6\x96\xB9";
constexpr std::string_view kEach = "\xE6\xAF\x8F", kPiece = "\xE4\xB8\xAA", kHour = "\xE6\x97\xB6",
                           kPart = "\xE5\x88\x86";

class UnitReader {
 public:
  UnitReader(std::string_view text, const Measure* before, Pounds pounds)
      : text_(text), before_(before), pounds_(pounds) {}

  std::optional<Measure> run() {
    while (pos_ < text_.size() && read()) {
    }
    apply();
    const auto degrees = static_cast<size_t>(D::kAngle);
    if (out_.dimensions[static_cast<size_t>(D::kCelsius)] == 1 ||
        out_.dimensions[static_cast<size_t>(D::kFahrenheit)] == 1)
      out_.dimensions[degrees] = 0;  // "degrees Celsius"
    if (overflow_ || !out_.known()) return std::nullopt;
    return out_;
  }

 private:
  bool read() {
    const char c = text_[pos_];
    if (c == '\\') return command();
    if (is_letter(c)) {
      const size_t begin = pos_;
      while (pos_ < text_.size() && is_letter(text_[pos_])) ++pos_;
      word(text_.substr(begin, pos_ - begin));
    } else if (static_cast<unsigned char>(c) >= 0x80) {
      foreign();
    } else if (c == '/') {
      apply(), divide_ = true, ++pos_;
    } else if (c == '^') {
      ++pos_, exponent();
    } else if (c == '$') {
      take(*find("dollar")), ++pos_;
    } else if (c == '}' && fraction_ && text_.substr(pos_).starts_with("}{")) {
      apply(), divide_ = true, pos_ += 2;
    } else {
      ++pos_;
    }
    return true;
  }

  bool command() {
    size_t end = pos_ + 1;
    while (end < text_.size() && is_letter(text_[end])) ++end;
    const std::string_view name = text_.substr(pos_ + 1, end - pos_ - 1);
    pos_ = std::max(end, pos_ + 2);
    if (end == pos_ - 1 && text_.substr(end).starts_with("$")) take(*find("dollar"));
    if (name == "pounds" || name == "textsterling") take(*find("GBP"));
    if (name == "euro" || name == "texteuro") take(*find("euro"));
    if (name == "yen" || name == "textyen") take(*find("yen"));
    if (name == "rupee") take(*find("rupee"));
    if (name == "textdollar") take(*find("dollar"));
    if (name == "frac") fraction_ = true;
    return true;
  }

  void word(std::string_view name) {
    if (name == "per") {
      apply(), divide_ = true;
    } else if (name == "square" || name == "sq") {
      apply(), next_power_ = 2;
    } else if (name == "cubic" || name == "cu") {
      apply(), next_power_ = 3;
    } else if (name == "squared" || name == "cubed") {
      power_ *= name == "squared" ? 2 : 3;
    } else if (name == "pound" || name == "pounds") {
      out_.pounds = true;
      take(*find(pounds_ == Pounds::kMoney ? "GBP" : "lb"));
    } else if (name == "m" && before_ && before_->dimensions[static_cast<size_t>(D::kTime)] == 1) {
      take(*find("min"));  // 2h 30m
    } else if (const Entry* entry = find(name)) {
      take(*entry);
    } else if (name != "million" && name != "billion" && name != "thousand" && name != "units" &&
               name != "unit") {
      out_.partial = true;
    }
  }

  void foreign() {
    const std::string_view rest = text_.substr(pos_);
    const bool time = before_ && before_->dimensions[static_cast<size_t>(D::kTime)] == 1;
    const bool money = before_ && before_->dimensions[static_cast<size_t>(D::kYuan)] == 1;
    if (rest.starts_with(kSquare) || rest.starts_with(kCubic)) {
      apply(), next_power_ = rest.starts_with(kSquare) ? 2 : 3, pos_ += kSquare.size();
    } else if (rest.starts_with(kEach)) {
      apply(), divide_ = true, pos_ += kEach.size();
    } else if (rest.starts_with(kPiece)) {
      pos_ += kPiece.size();
    } else if (const Entry* entry = find_foreign(rest)) {
      take(*entry), pos_ += entry->name.size();
    } else if (rest.starts_with(kHour)) {
      take(*find("h")), pos_ += kHour.size();
    } else if (rest.starts_with(kPart) && (time || money)) {
      take(time ? *find("min") : *find("cent")), pos_ += kPart.size();
      if (money) entry_dimension_ = D::kYuan;
    } else {
      out_.partial = true;
      do {
        ++pos_;
      } while (pos_ < text_.size() && (static_cast<unsigned char>(text_[pos_]) & 0xC0) == 0x80);
    }
  }

  /// "2", "{2}", "{-1}" behind ^.
  void exponent() {
    int value = 0, sign = 1;
    while (pos_ < text_.size() && !is_letter(text_[pos_]) && text_[pos_] != '\\' && text_[pos_] != ' ' &&
           text_[pos_] != '}') {
      if (text_[pos_] == '-') sign = -1;
      if (is_digit(text_[pos_])) value = std::min(value * 10 + (text_[pos_] - '0'), 100);
      ++pos_;
    }
    if (value > 0) power_ *= sign * value;
  }

  /// A unit waits until the exponents behind it are known.
  void take(const Entry& entry) {
    apply();
    entry_ = &entry;
    entry_dimension_ = entry.dimension;
    power_ = next_power_;
    next_power_ = 1;
  }

  void apply() {
    if (!entry_) return;
    const int power = divide_ ? -power_ : power_;
    if (std::abs(power) > 4) overflow_ = true;
    for (int i = 0; i < std::abs(power) && !overflow_; ++i) {
      const auto next =
          power > 0 ? product(out_.factor, entry_->factor) : quotient(out_.factor, entry_->factor);
      overflow_ = !next;
      if (next) out_.factor = *next;
    }
    const auto add = [&](D dimension, int by) {
      auto& at = out_.dimensions[static_cast<size_t>(dimension)];
      at = static_cast<int8_t>(at + by);
    };
    add(entry_dimension_, power * entry_->power);
    if (entry_->per != D::kCount) add(entry_->per, -power);
    out_.pi += power * entry_->pi;
    entry_ = nullptr;
  }

  std::string_view text_;
  const Measure* before_;
  Pounds pounds_;
  size_t pos_ = 0;
  Measure out_;
  const Entry* entry_ = nullptr;
  D entry_dimension_ = D::kLength;
  int power_ = 1, next_power_ = 1;
  bool divide_ = false, fraction_ = false, overflow_ = false;
};

}  // namespace

bool Measure::known() const {
  return std::any_of(dimensions.begin(), dimensions.end(), [](int8_t d) { return d != 0; });
}

bool Measure::is_angle() const {
  Measure degrees;
  degrees.dimensions[static_cast<size_t>(D::kAngle)] = 1;
  return pi == 0 && same_dimensions(degrees);
}

std::optional<Measure> measure_of(std::string_view unit, const Measure* before, Pounds pounds) {
  return UnitReader(unit, before, pounds).run();
}

}  // namespace hone
