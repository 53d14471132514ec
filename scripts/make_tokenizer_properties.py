#!/usr/bin/env python3
"""Makes model/tokenizer_properties.cpp: the properties \\p{name} and the blocks \\p{In name} of regular expressions, as the `tokenizers` package
(0.23.3, Oniguruma with Unicode 16) has them, in terms of PCRE2's (10.42, Unicode 14). Both are asked for every code point, but for the inside of planes
that are unassigned or for private use.

  make_tokenizer_properties.py > model/tokenizer_properties.cpp

A row is a set: its names, PCRE2's class, what belongs to it besides, what does not, and what joins it in a class under (?i); "?": too much. Names are those of the `regex` package (pip install regex) that
the package knows. Sets that PCRE2 has nothing like and that are long (Unicode's contributory Other_Alphabetic and so on) are left out.
"""
import bisect
import ctypes
import itertools
import re
import sys

from regex import _regex_core
from tokenizers import Regex, pre_tokenizers

CHARACTERS = [c for c in range(0x110000)
              if not 0xD800 <= c <= 0xDFFF and (c < 0x40000 or 0xE0000 <= c < 0xE1000 or c % 0x10000 >= 0xFFF0 or c % 0x10000 < 16)]
TEXT = "".join(map(chr, CHARACTERS))
BYTES = TEXT.encode()
BYTE_AT = list(itertools.accumulate((len(c.encode()) for c in TEXT), initial=0))
LONGEST = 20  # ranges of a set without a class of PCRE2
# What PCRE2 has no name for: names, its class, and the class of what does not belong to it.
COMPOSED = {"alnum": (r"\p{Alphabetic}\p{Nd}", ""), "assigned": (r"\P{Cn}", ""), "graph": (r"\P{Cn}", r"\p{White_Space}\p{Cc}"),
            "print": (r"\P{Cn}", r"\p{Cc}\p{Zl}\p{Zp}"), "posixpunct": (r"\p{P}\p{S}", ""), "xdigit": (r"\p{AHex}", ""),
            "word": (r"\p{Alphabetic}\p{M}\p{Nd}\p{Pc}", ""), "blank": (r"\t\p{Zs}", ""), "ascii": (r"\x00-\x7F", "")}


def bits(ranges):
    """Half-open ranges as a set: a long integer."""
    return sum(((1 << (end - begin)) - 1) << begin for begin, end in ranges)


def package_set(members):
    cut = pre_tokenizers.Split(Regex(f"[{members}]+"), "removed", invert=True)
    return bits(span for _, span in cut.pre_tokenize_str(TEXT))


def caseless_set(members):
    """The same under (?i). From the end to the beginning, where no characters follow each other that are the folding of one."""
    cut = pre_tokenizers.Split(Regex(f"(?i)[{members}]+"), "removed", invert=True)
    size = len(TEXT)
    return bits((size - end, size - begin) for _, (begin, end) in cut.pre_tokenize_str(TEXT[::-1]))


class Pcre2:
    def __init__(self):
        self.library = ctypes.CDLL("libpcre2-8.so.0")
        pointer, size = ctypes.c_void_p, ctypes.c_size_t
        for name, result, arguments in [
                ("compile", pointer, [ctypes.c_char_p, size, ctypes.c_uint32, pointer, pointer, pointer]), ("jit_compile", ctypes.c_int, [pointer, ctypes.c_uint32]),
                ("match_data_create", pointer, [ctypes.c_uint32, pointer]), ("get_ovector_pointer", ctypes.POINTER(size), [pointer]),
                ("match", ctypes.c_int, [pointer, ctypes.c_char_p, size, size, ctypes.c_uint32, pointer, pointer])]:
            function = getattr(self.library, f"pcre2_{name}_8")
            function.restype, function.argtypes = result, arguments
        self.data = self.library.pcre2_match_data_create_8(1, None)

    def set(self, members):
        """What [members] holds, or None if that is no class."""
        pattern, code, at = f"[{members}]+".encode(), ctypes.c_int(), ctypes.c_size_t()
        utf, ucp, unchecked = 0x80000, 0x20000, 0x40000000
        compiled = self.library.pcre2_compile_8(pattern, len(pattern), utf | ucp, ctypes.byref(code), ctypes.byref(at), None)
        if not compiled:
            return None
        self.library.pcre2_jit_compile_8(compiled, 1)
        spans, end, found = [], 0, self.library.pcre2_get_ovector_pointer_8(self.data)
        while self.library.pcre2_match_8(compiled, BYTES, len(BYTES), end, unchecked, self.data, None) > 0:
            end = found[1]
            spans.append((bisect.bisect_left(BYTE_AT, found[0]), bisect.bisect_left(BYTE_AT, end)))
        return bits(spans)


def ranges_of(members):
    """A set as text: hexadecimal code points and ranges."""
    out = []
    for match in re.finditer("1+", bin(members)[:1:-1]):
        first, last = match.start(), match.end() - 1
        parts = [(first, 0xD7FF), (0xD800, last)] if first < 0xD800 <= last else [(first, last)]
        out += [f"{CHARACTERS[a]:X}" + (f"-{CHARACTERS[b]:X}" if b > a else "") for a, b in parts]
    return out


def normalized(name):
    return name.lower().replace("_", "").replace(" ", "").replace("-", "")


def names_of_sets():
    """Lists of names that mean the same, each with the class of PCRE2 to try."""
    for key, (number, values) in _regex_core.PROPERTIES.items():
        if set(values) <= {"NO", "N", "FALSE", "F", "YES", "Y", "TRUE", "T"}:
            yield "binary", number, normalized(key)
        elif key in ("GENERALCATEGORY", "SCRIPT"):
            for name, value in values.items():
                yield key, value, normalized(name)
    for name in ["any", *COMPOSED]:
        yield "composed", name, name


def properties():
    groups, pcre2, rows = {}, Pcre2(), {}
    for kind, value, name in names_of_sets():
        groups.setdefault((kind, value), []).append(name)
    for (kind, _), names in groups.items():
        known = [name for name in names if package_set_known(name)]
        if not known:
            print("not known to the package:", *names, file=sys.stderr)
            continue
        wanted = package_set(f"\\p{{{known[0]}}}")
        candidates = [COMPOSED[name] for name in known if name in COMPOSED]
        candidates += [(f"\\p{{{'sc:' if kind == 'SCRIPT' else ''}{name}}}", "") for name in names]
        tried = []
        for members, without in candidates:
            base, minus = pcre2.set(members), pcre2.set(without) if without else 0
            if base is not None:
                tried.append((members, without, ranges_of(wanted & ~base), ranges_of(base & ~minus & ~wanted)))
                break
        tried.append(("", "", ranges_of(wanted), []))
        best = tried[0]
        if not best[0] and len(best[2]) > LONGEST:
            print("left out:", *known, len(best[2]), "ranges", file=sys.stderr)
            continue
        folded = ranges_of(caseless_set(f"\\p{{{known[0]}}}") & ~wanted)
        row = best[:2] + tuple(" ".join(part) for part in best[2:]) + (" ".join(folded) if len(folded) <= LONGEST else "?",)
        rows.setdefault(wanted, ([], row))[0].extend(known)
    return [(sorted(set(names)), row) for names, row in rows.values()]


def package_set_known(name):
    try:
        Regex(f"\\p{{{name}}}")
        return True
    except Exception:
        return False


def blocks():
    """(name, first, last) of the blocks that are one range; borders are multiples of 16."""
    sample = "".join(map(chr, [c for c in CHARACTERS if c % 16 == 0]))
    for name in sorted(_regex_core.PROPERTIES["BLOCK"][1]):
        name = normalized(name)
        if not package_set_known("in" + name):
            continue
        cut = pre_tokenizers.Split(Regex(f"\\p{{In{name}}}"), "removed", invert=True)
        points = [ord(one) for one, _ in cut.pre_tokenize_str(sample)]
        if points and points == list(range(points[0], points[-1] + 1, 16)):
            yield name, points[0], points[-1] + 15


def literal(text):
    """A C++ literal, in several lines if it is long."""
    escaped, lines = text.replace("\\", "\\\\"), [""]
    for word in escaped.split(" "):
        if len(lines[-1]) + len(word) > 95:
            lines.append("")
        lines[-1] += word + " "
    lines[-1] = lines[-1][:-1]
    return "\n     ".join(f'"{line}"' for line in lines)


def fields(literals):
    """A row, filled up to the margin."""
    lines = ["    {"]
    for one in literals:
        if "\n" not in one and len(lines[-1]) + len(one) < 105:
            lines[-1] += one + ", "
        else:
            lines.append("     " + one + ", ")
    return "\n".join(line.rstrip() for line in lines)[:-1] + "},"


def main():
    print("// Made by scripts/make_tokenizer_properties.py: properties and blocks as `tokenizers` 0.23.3 has them.")
    print('#include "model/tokenizer_properties.h"\n\n#include <algorithm>\n#include <iterator>\n\nnamespace hone {\nnamespace {\n')
    print("constexpr RegexProperty kProperties[] = {")
    for names, row in sorted(properties()):
        print(fields(map(literal, (" ".join(names), *row))))
    print("};\n\nstruct Block {\n  std::string_view name;\n  uint32_t first, last;\n};\nconstexpr Block kBlocks[] = {")
    line = "   "
    for name, first, last in blocks():
        item = f' {{"{name}", 0x{first:X}, 0x{last:X}}},'
        if len(line) + len(item) > 110:
            print(line)
            line = "   "
        line += item
    print(line + "\n};")
    print("""
/// Whether `name` is one of the words in `names`.
bool has_word(std::string_view names, std::string_view name) {
  if (name.empty()) return false;
  for (size_t at = names.find(name); at != std::string_view::npos; at = names.find(name, at + 1)) {
    const size_t end = at + name.size();
    if ((at == 0 || names[at - 1] == ' ') && (end == names.size() || names[end] == ' ')) return true;
  }
  return false;
}

}  // namespace

const RegexProperty* find_property(std::string_view name) {
  const auto* at = std::find_if(std::begin(kProperties), std::end(kProperties),
                                [&](const RegexProperty& one) { return has_word(one.names, name); });
  return at == std::end(kProperties) ? nullptr : at;
}

std::optional<std::pair<uint32_t, uint32_t>> find_block(std::string_view name) {
  const auto* at = std::find_if(std::begin(kBlocks), std::end(kBlocks),
                                [&](const Block& one) { return one.name == name; });
  if (at == std::end(kBlocks)) return std::nullopt;
  return std::pair(at->first, at->last);
}

}  // namespace hone""")


if __name__ == "__main__":
    main()
