#include "rl/report_chart.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/error.h"
#include "rl/number_text.h"

namespace hone {
namespace {

constexpr double kWidth = 940, kHeight = 190, kLeft = 52, kTop = 24, kBottom = 22, kGap = 6;
constexpr size_t kMaxPoints = 300;  // of a curve: more than there are pixels for
constexpr int kNumTicks = 4;

std::string fixed(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

std::vector<ChartPoint> finite_of(const std::vector<ChartPoint>& points) {
  std::vector<ChartPoint> out;
  std::copy_if(points.begin(), points.end(), std::back_inserter(out),
               [](const ChartPoint& p) { return std::isfinite(p.value); });
  return out;
}

/// At most kMaxPoints means over equally many neighbours.
std::vector<ChartPoint> thinned(const std::vector<ChartPoint>& points) {
  const size_t width = (points.size() + kMaxPoints - 1) / kMaxPoints;
  if (width <= 1) return points;
  std::vector<ChartPoint> out;
  for (size_t begin = 0; begin < points.size(); begin += width) {
    const size_t end = std::min(points.size(), begin + width);
    ChartPoint sum;
    for (size_t i = begin; i < end; ++i) sum.step += points[i].step, sum.value += points[i].value;
    out.push_back({sum.step / double(end - begin), sum.value / double(end - begin)});
  }
  return out;
}

/// A linear scale from values to pixels.
struct Scale {
  double from = 0, to = 1, at_from = 0, at_to = 1;
  double operator()(double value) const { return at_from + (value - from) / (to - from) * (at_to - at_from); }
};

/// Round numbers that enclose the values, kNumTicks or so of them `step` apart.
struct Axis {
  double low = 0, high = 1, step = 0.25;
};

Axis axis_of(double low, double high) {
  if (low > 0 && low < high / 2) low = 0;
  if (high - low < 1e-12 * std::max(1.0, std::abs(high))) low -= 0.5, high += 0.5;
  const double raw = (high - low) / kNumTicks, unit = std::pow(10.0, std::floor(std::log10(raw)));
  const double step = unit * (raw / unit > 5 ? 10 : raw / unit > 2 ? 5 : raw / unit > 1 ? 2 : 1);
  return {std::floor(low / step) * step, std::ceil(high / step) * step, step};
}

std::string polyline(const std::vector<ChartPoint>& points, const Scale& x, const Scale& y,
                     const char* kind) {
  std::string out = concat("<polyline class=\"", kind, "\" points=\"");
  for (const ChartPoint& p : points) out += fixed(x(p.step)) + "," + fixed(y(p.value)) + " ";
  return out + "\"/>\n";
}

std::string dots(const std::vector<ChartPoint>& points, const Scale& x, const Scale& y, const char* kind) {
  std::string out;
  for (const ChartPoint& p : points) {
    out +=
        concat("<circle class=\"", kind, "\" cx=\"", fixed(x(p.step)), "\" cy=\"", fixed(y(p.value)),
               "\" r=\"3\"><title>step ", int64_t(p.step), ": ", number_text(p.value), "</title></circle>\n");
  }
  return out;
}

std::string label(double x, double y, const char* anchor, const std::string& text) {
  return concat("<text x=\"", fixed(x), "\" y=\"", fixed(y), "\" text-anchor=\"", anchor, "\">",
                escape_html(text), "</text>\n");
}

/// The ground that a band stands on.
std::string ground(double left, double right) {
  return concat("<rect class=\"band\" x=\"", fixed(left), "\" y=\"", fixed(kTop), "\" width=\"",
                fixed(right - left), "\" height=\"", fixed(kHeight - kTop - kBottom), "\"/>\n");
}

/// Lines and numbers of the vertical axis.
std::string grid(const Axis& axis, const Scale& y) {
  std::string out;
  const int64_t num_steps = std::llround((axis.high - axis.low) / axis.step);
  for (int64_t i = 0; i <= num_steps; ++i) {
    const double value = axis.low + double(i) * axis.step;
    char text[32];
    std::snprintf(text, sizeof text, "%.4g", std::abs(value) < axis.step * 1e-9 ? 0 : value);
    out += concat("<line class=\"grid\" x1=\"", fixed(kLeft), "\" x2=\"", fixed(kWidth), "\" y1=\"",
                  fixed(y(value)), "\" y2=\"", fixed(y(value)), "\"/>\n");
    out += label(kLeft - 6, y(value) + 4, "end", text);
  }
  return out;
}

/// One stage's name, last step and curves; `left` and `right` are its sides.
std::string band_svg(const ChartBand& band, double left, double right, const Scale& y) {
  double first = INFINITY, last = -INFINITY;
  for (const auto* points : {&band.curve, &band.marks}) {
    for (const ChartPoint& p : *points) first = std::min(first, p.step), last = std::max(last, p.step);
  }
  const Scale x{first, std::max(last, first + 1), left + 4, right - 6};
  std::string out;
  const size_t room = size_t((right - left) / 7);  // characters that fit above the band
  out += label(left + 4, kTop - 8, "start",
               band.name.size() <= room ? band.name : band.name.substr(0, room - 1) + ".");
  out += label(right - 4, kHeight - 6, "end", std::to_string(int64_t(last)));
  out += polyline(thinned(band.curve), x, y, "curve");
  if (band.curve.size() == 1) out += dots(band.curve, x, y, "curve-dot");
  return out + polyline(band.marks, x, y, "marks") + dots(band.marks, x, y, "mark");
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else if (c == '\'')
      out += "&#39;";
    else if ((static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7f)
      out += "\xef\xbf\xbd";
    else
      out += c;
  }
  return out;
}

std::string chart_html(const std::string& title, const std::vector<ChartBand>& bands) {
  std::vector<ChartBand> shown;
  double low = INFINITY, high = -INFINITY;
  for (const ChartBand& band : bands) {
    ChartBand finite{band.name, finite_of(band.curve), finite_of(band.marks)};
    if (finite.curve.empty() && finite.marks.empty()) continue;
    shown.push_back(std::move(finite));
    for (const auto& points : {thinned(shown.back().curve), shown.back().marks}) {
      for (const ChartPoint& p : points) low = std::min(low, p.value), high = std::max(high, p.value);
    }
  }
  if (shown.empty()) return "";
  const Axis axis = axis_of(low, high);
  const Scale y{axis.low, axis.high, kHeight - kBottom, kTop};
  std::string out =
      concat("<figure><figcaption>", escape_html(title), "</figcaption>\n<svg viewBox=\"0 0 ", kWidth, " ",
             kHeight, "\" role=\"img\" aria-label=\"", escape_html(title), "\">\n");
  const double width = (kWidth - kLeft) / double(shown.size());
  const auto left = [&](size_t i) { return kLeft + width * double(i); };
  const auto right = [&](size_t i) { return i + 1 < shown.size() ? left(i + 1) - kGap : kWidth; };
  for (size_t i = 0; i < shown.size(); ++i) out += ground(left(i), right(i));
  out += grid(axis, y);
  for (size_t i = 0; i < shown.size(); ++i) out += band_svg(shown[i], left(i), right(i), y);
  return out + "</svg></figure>\n";
}

}  // namespace hone
