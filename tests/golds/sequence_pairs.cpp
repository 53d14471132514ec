// Pairs of tuples, comma lists, sets, matrices and values with a plus-minus.
#include <re2/re2.h>

#include "tests/golds/math_pairs.h"
#include "tests/golds/text_edits.h"

namespace hone {
namespace {

using Parts = std::vector<std::string>;

/// With the i-th part one more.
Parts raised(Parts parts, size_t i = 0) {
  parts[i] = parts[i].find("\\circ") == std::string::npos ? parts[i] + "+1" : "1" + parts[i];
  return parts;
}

Parts without_last(Parts parts) {
  parts.pop_back();
  return parts;
}

bool is_zero(const std::string& part) { return RE2::FullMatch(part, "[\\s0]*"); }

void tuples(PairMaker& m) {
  std::string inside;
  if (!RE2::FullMatch(m.x, "\\((.*)\\)", &inside)) return;
  const Parts parts = split_list(inside);
  m.same("tuple-spaces", "( " + join(parts, " , ") + " )");
  m.same("tuple-left-right", "\\left(" + join(parts, ",") + "\\right)");
  if (reversed(parts) != parts) m.near("tuple-order", "(" + join(reversed(parts), ",") + ")");
  m.near("tuple-set", "\\{" + inside + "\\}");
  m.near("tuple+1", "(" + join(raised(parts), ",") + ")");
  m.near("tuple-last+1", "(" + join(raised(parts, parts.size() - 1), ",") + ")");
  m.near("tuple-dropped", "(" + join(without_last(parts), ",") + ")");
  m.near("tuple-extra", "(" + inside + ",1)");
  if (!is_zero(parts[0])) {
    Parts other = parts;
    other[0] = "-(" + other[0] + ")";
    m.near("tuple-sign", "(" + join(other, ",") + ")");
  }
  if (parts.size() == 2) {
    m.near("interval-closed", "[" + inside + "]");
    m.near("interval-half", "(" + inside + "]");
  } else {
    m.same("tuple-vector", "\\langle " + inside + "\\rangle");
    m.same("tuple-column", "\\begin{pmatrix}" + join(parts, "\\\\") + "\\end{pmatrix}");
  }
}

void lists(PairMaker& m) {
  if (m.x.find("\\text") != std::string::npos || m.x.find('=') != std::string::npos) return;
  const Parts parts = split_list(replaced(m.x, "\\,", ""));
  if (parts.size() < 2) return;
  m.same("list-reversed", join(reversed(parts), ", "));
  m.same("list-set", "\\{" + m.x + "\\}");
  m.same("list-or", join(parts, "\\text{ or }"));
  m.same("list-and", join(without_last(parts), ", ") + " and " + parts.back());
  m.near("list-extra", m.x + ",77777");
  m.near("list-tuple", "(" + m.x + ")");
  m.near("list-dropped", join(without_last(parts), ","));
  m.near("list+1", join(raised(parts), ","));
  Parts other = parts;
  other[0] = "-1000-" + other[0];
  m.near("list-element", join(other, ","));
}

void sets(PairMaker& m) {
  std::string inside;
  if (!RE2::FullMatch(m.x, "\\\\\\{(.*?)\\\\?\\}", &inside)) return;
  inside = trimmed(inside);
  const Parts parts = split_list(inside);
  m.same("set-reversed", "\\{" + join(reversed(parts), ", ") + "\\}");
  m.same("set-list", inside);
  m.same("set-lbrace", "\\lbrace " + inside + " \\rbrace");
  m.same("set-repeated", "\\{" + parts[0] + "," + inside + "\\}");
  m.near("set-tuple", "(" + inside + ")");
  m.near("set-dropped", "\\{" + join(without_last(parts), ",") + "\\}");
  m.near("set-extra", "\\{" + inside + ",77777\\}");
  m.near("set+1", "\\{" + join(raised(parts, parts.size() - 1), ",") + "\\}");
}

std::string matrix_text(const std::vector<Parts>& cells, const std::string& environment = "pmatrix") {
  Parts rows;
  for (const Parts& row : cells) rows.push_back(join(row, " & "));
  return "\\begin{" + environment + "} " + join(rows, " \\\\ ") + " \\end{" + environment + "}";
}

void matrices(PairMaker& m) {
  std::string inside;
  if (!RE2::FullMatch(m.x, "\\s*\\\\begin\\{pmatrix\\}(.*)\\\\end\\{pmatrix\\}\\s*", &inside)) return;
  std::vector<Parts> cells;
  for (const std::string& row : split(inside, "\\\\")) {
    cells.emplace_back();
    for (const std::string& cell : split(row, "&")) cells.back().push_back(trimmed(cell));
  }
  Parts rows;
  for (const Parts& row : cells) rows.push_back("[" + join(row, ", ") + "]");
  m.same("matrix-brackets", matrix_text(cells, "bmatrix"));
  m.same("matrix-array", "\\left(\\begin{array}{" + std::string(cells[0].size(), 'c') + "} " +
                             matrix_text(cells).substr(15, matrix_text(cells).size() - 29) +
                             "\\end{array}\\right)");
  m.same("matrix-halves", "\\frac{1}{2} " + matrix_text([&] {
                            std::vector<Parts> doubled = cells;
                            for (Parts& row : doubled)
                              for (std::string& cell : row) cell = "2(" + cell + ")";
                            return doubled;
                          }()));
  if (cells[0].size() > 1) m.same("matrix-rows-in-brackets", "[" + join(rows, ", ") + "]");
  if (reversed(cells) != cells) m.near("matrix-rows-swapped", matrix_text(reversed(cells)));
  std::vector<Parts> other = cells;
  other.back().back() += "+1";
  m.near("matrix-entry+1", matrix_text(other));
  if (!is_zero(cells[0][0])) {
    other = cells;
    other[0][0] = "-(" + other[0][0] + ")";
    m.near("matrix-entry-sign", matrix_text(other));
  }
  other = cells;
  other.pop_back();
  m.near("matrix-row-dropped", matrix_text(other));
  std::vector<Parts> turned(cells[0].size());
  for (const Parts& row : cells)
    for (size_t c = 0; c < row.size() && c < turned.size(); ++c) turned[c].push_back(row[c]);
  if (turned != cells) m.near("matrix-transposed", matrix_text(turned));
  if (cells[0].size() > 1) return;
  Parts column;
  for (const Parts& row : cells) column.push_back(row[0]);
  m.same("matrix-tuple", "(" + join(column, ",") + ")");
}

void plus_minus(PairMaker& m) {
  if (m.x.find("\\{") != std::string::npos || m.x.find('=') != std::string::npos) return;
  const std::string plus = replaced(m.x, "\\pm", "+"), minus = replaced(m.x, "\\pm", "-");
  m.same("pm-list", plus + ", " + minus);
  m.same("pm-list-reversed", minus + ", " + plus);
  m.same("pm-mp", replaced(m.x, "\\pm", "\\mp"));
  m.same("pm-or", plus + "\\text{ or }" + minus);
  m.same("pm-sign", replaced(m.x, "\\pm", "\u00B1"));
  m.near("pm-plus", plus);
  m.near("pm-minus", minus);
  m.near("pm-twice", plus + ", " + plus);
  m.near("pm+1", "1+" + plus + ", 1+" + minus);
}

}  // namespace

void add_sequences(PairMaker& m) {
  if (m.shape == "tuple") tuples(m);
  if (m.shape == "list") lists(m);
  if (m.shape == "set") sets(m);
  if (m.shape == "matrix") matrices(m);
  if (m.shape == "pm") plus_minus(m);
}

}  // namespace hone
