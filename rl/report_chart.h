// Curves of a run as SVG: one band beside the other for each stage, with a common vertical axis.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hone {

/// Text made safe for HTML and SVG: markup escaped, control characters replaced.
std::string escape_html(std::string_view text);

struct ChartPoint {
  double step = 0, value = 0;
};

/// A stage's part of a chart.
struct ChartBand {
  std::string name;
  std::vector<ChartPoint> curve;  // of training, drawn as a line
  std::vector<ChartPoint> marks;  // of evaluations, drawn as dots with a line through them
};

/// A <figure> with one <svg>, or "" if no band has a point. Values that are not finite are left out. Long curves are drawn as
/// means over runs of steps.
std::string chart_html(const std::string& title, const std::vector<ChartBand>& bands);

}  // namespace hone
