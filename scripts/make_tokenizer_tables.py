#!/usr/bin/env python3
"""Makes model/tokenizer_tables.cpp: the Unicode classes of the `tokenizers` package (0.23.3), asked of it character by character.

  make_tokenizer_tables.py > model/tokenizer_tables.cpp

The package takes them from several libraries of several versions of Unicode; what is installed here or there does not matter then.
"""
from tokenizers import normalizers, pre_tokenizers

CHARACTERS = [chr(c) for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]


def ranges_of(characters):
    out = []
    for c in map(ord, characters):
        if out and out[-1][1] == c - 1:
            out[-1][1] = c
        else:
            out.append([c, c])
    return out


def isolated_by(pre_tokenizer):
    return ranges_of(c for c in CHARACTERS if len(pre_tokenizer.pre_tokenize_str("a" + c + "a")) == 3)


def removed_by(normalizer):
    return ranges_of(c for c in CHARACTERS if normalizer.normalize_str("a" + c + "a") == "aa")


def bert(**options):
    return normalizers.BertNormalizer(**({"clean_text": False, "handle_chinese_chars": False, "strip_accents": False, "lowercase": False} | options))


def scripts():
    """[first, last, number of the script]; 0: belongs to any."""
    cut = pre_tokenizers.UnicodeScripts()

    def together(left, right):
        return len(cut.pre_tokenize_str(left + right)) == 1

    runs, begin = [], 0
    for end in range(1, len(CHARACTERS) + 1):
        last, next_one = CHARACTERS[end - 1], CHARACTERS[end] if end < len(CHARACTERS) else ""
        if not next_one or not together(last, next_one) or ord(next_one) != ord(last) + 1 \
                or any(together(one, last) != together(one, next_one) for one in "a\u0431"):
            runs.append((CHARACTERS[begin], CHARACTERS[end - 1]))
            begin = end
    known, out = [], []
    for first, last in runs:
        number = 0
        if not (together("a", first) and together("\u0431", first)):
            number = next((i + 1 for i, one in enumerate(known) if together(one, first)), 0)
            if not number:
                known.append(first)
                number = len(known)
        if out and out[-1][2] == number and out[-1][1] == ord(first) - 1:
            out[-1][1] = ord(last)
        elif number:
            out.append([ord(first), ord(last), number])
    return out


def table(name, kind, rows):
    print(f"\nconstexpr {kind} {name}[] = {{")
    line = "   "
    for row in rows:
        item = " {" + f"0x{row[0]:X}, 0x{row[1]:X}" + "".join(f", {n}" for n in row[2:]) + "},"
        if len(line) + len(item) > 110:
            print(line)
            line = "   "
        line += item
    print(line + "\n};")


def main():
    print("// Made by scripts/make_tokenizer_tables.py: the Unicode classes of `tokenizers` 0.23.3.")
    print('#include "model/tokenizer_tables.h"\n\n#include <algorithm>\n#include <iterator>\n\nnamespace hone {\nnamespace {\n')
    print("struct Range {\n  uint32_t first, last;\n};\nstruct ScriptRange {\n  uint32_t first, last;\n  uint8_t script;\n};")
    table("kNumeric", "Range", isolated_by(pre_tokenizers.Digits(individual_digits=True)))
    table("kPunctuation", "Range", isolated_by(pre_tokenizers.Punctuation()))
    table("kCombiningMarks", "Range", removed_by(normalizers.StripAccents()))
    table("kNonspacingMarks", "Range", removed_by(bert(strip_accents=True)))
    table("kBertControls", "Range", removed_by(bert(clean_text=True)))
    table("kScripts", "ScriptRange", scripts())
    print("""
template <class Table>
const auto* find(const Table& table, uint32_t c) {
  const auto* at = std::lower_bound(std::begin(table), std::end(table), c,
                                    [](const auto& range, uint32_t value) { return range.last < value; });
  return at != std::end(table) && c >= at->first ? at : nullptr;
}

}  // namespace

bool is_numeric(uint32_t code_point) { return find(kNumeric, code_point); }
bool is_punctuation(uint32_t code_point) { return find(kPunctuation, code_point); }
bool is_combining_mark(uint32_t code_point) { return find(kCombiningMarks, code_point); }
bool is_nonspacing_mark(uint32_t code_point) { return find(kNonspacingMarks, code_point); }
bool is_bert_control(uint32_t code_point) { return find(kBertControls, code_point); }

int script_of(uint32_t code_point) {
  const ScriptRange* range = find(kScripts, code_point);
  return range ? range->script : 0;
}

}  // namespace hone""")


if __name__ == "__main__":
    main()
