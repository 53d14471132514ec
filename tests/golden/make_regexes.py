#!/usr/bin/env python3
"""Makes regexes.json: where the `tokenizers` package (0.23.3, Oniguruma) cuts texts by regular expressions of every kind that hone
translates to PCRE2. scripts/check_tokenizers.py --patterns tries the same on many more texts.

  make_regexes.py > regexes.json

{"texts": [text], "patterns": [{"pattern", "pieces": [[bytes of each piece of the text]]}]}
"""
import json
import sys

from tokenizers import Regex, pre_tokenizers

PATTERNS = [
    # POSIX classes
    r"[[:alpha:]]+", r"[[:^alpha:]]+", r"[[:punct:]]+", r"[[:digit:]]{1,3}", r"[[:space:]]+|[[:upper:]][[:lower:]]*", r"[^[:alnum:][:space:]]+",
    r"[[:word:]]+", r"[[:graph:]]+", r"[[:print:]]", r"[[:cntrl:]]|[[:blank:]]", r"[[:xdigit:]]{2}", r"[[:ascii:]]+", r"[a[:digit:]_-]+",
    r"[[:alpha:]&&[^a-z]]+", r"[:alpha:]+", r"[^[:^punct:]]",
    # references
    r"(.)\1+", r"(?<c>\p{L})\k<c>", r"(?'q'['\"]).*?\k'q'", r"(\w)(\w)\2\1", r"(a)|(b)\2", r"(?<n>a|e)|(?<n>l|o)\k<n>", r"(\w)\k<-1>", r"(?i)(he|l)\1",
    r"(?<open>\((?:[^()]|\g<open>)*\))", r"(\s)?(?(1)\w+|\W)", r"(?<s>\s)?(?(<s>)\d|\p{Lu})", r"(l)(?<=e\1)",
    # properties
    r"\p{Emoji}+", r"\p{Extended_Pictographic}(?:\u200D\p{Extended_Pictographic})*", r"\p{Emoji_Presentation}|\p{Emoji_Modifier_Base}",
    r"\p{Armenian}|\p{Georgian}+|\p{Ethiopic}+", r"\p{Khmer}+|\p{Lao}+|\p{Myanmar}+|\p{Tamil}+", r"\p{Common}+", r"\p{Inherited}+", r"\p{Uppercase_Letter}\p{lowercase letter}+",
    r"\p{Letter}+|\p{Number}+|\p{Punctuation}|\p{Symbol}+", r"\p{^Letter}+", r"\P{Alphabetic}+", r"\p{Alnum}+", r"\p{Punct}", r"\p{Graph}+", r"\p{Print}+", r"\p{Word}+",
    r"\p{XDigit}+", r"\p{Any}", r"\p{Assigned}+", r"\p{Cn}+", r"\p{Mn}+", r"\p{In_Basic_Latin}+", r"\p{InCJK_Unified_Ideographs}+", r"\p{In Cyrillic}+|\P{InGreekandCoptic}",
    r"\p{ID_Start}\p{ID_Continue}*", r"\p{White_Space}+", r"\p{Ideographic}+", r"\p{Case_Ignorable}+|\p{Cased}", r"[\p{Grapheme_Base}&&\p{Lower}]+", r"\p{Kawi}|\p{Regional_Indicator}{2}",
    r"[\p{Han}\p{Hiragana}\p{Katakana}]+|[^\P{Hangul}]+", r"[^\p{Mn}\p{Latin}]+",
    # escapes
    r"\R", r"\R+|\X", r"\X", r"\h+", r"\H", r"\N+", r"\O{3}", r"l\Kl|\K\s", r"\Gh|x", r"\012|\x0D|\t", r"\i|\m|\é|\_", r"[\b\e\a\12\w-]",
    # comments, options and quantifiers
    r"h(?#any \) vowel)+e+", r"(?x) \p{Lu} \p{Ll} + # a word" + "\n | \\d {1,2} [ ]", r"(?im)h.l", r"(?i-m:WORLD)|(?m-i:h.l)", r"(?mx) . l", r"(?i:(?-i)h)E|(?i)É",
    r"(?i)[\p{L}]+|\P{L}", r"(?i)ss|fi|off", r"(?i)class|'s|'t|'re|'ve|'m|'ll|'d|ǆ|σ", r"l**|o+*", r"l{2}{1}|(?:l?)+?o", r"l+?+o", r"[]a-e]+|[x\]-]", r"(?>l+)l|ll",
    r"[^[a-z]\d]|[x-z&&[^y]]", r"(?<!l)l|(?<=a|bc)x", r"(?=\p{L})\X|$", r"\b\w{1,2}+|^", r"\w++(?!\s)", r"a{,2}|{x|e{1,2}?",
]
TEXTS = [
    "", "Hello world", "hello HELLO Straße STRASSE straſſe off oﬀ ﬁn fin ﬆ first", "aabb abba noon deed 'quoted' \"it's\" lel ll hehe LlLL", "a\r\nb\nc\x85d\u2028e\x0bf\x0cg\r\r\n",
    "(a(b)c) [x] {y} {x} $1.50 + 2 = 3^4 ~`<|>", "e\u0301a\u0323\u0301 \u0915\u094d\u0937\u093f \u0e01\u0e33 \u1100\u1161\u11a8\uac00\u11a8\uac01 \u0600\u0661", "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1e9\U0001f1ea\U0001f1eb \u2764\ufe0f \U0001f44d\U0001f3fd #\ufe0f\u20e3 \xa9\u200d\xa9",
    "\u4f60\u597d\uff0c\u4e16\u754c \u3042\u30ab\ud55c\uad6d \u041f\u0440\u0438\u0432\u0435\u0442 \u03a3\u03c3\u03c2 \u0531\u0561 \u10d0\u10d1 \u1203 \u1780\u17b6 \u0e81 \u1000 \u0b95", "x1 22 333 4444 \u0661\u06f5\u00bd\u2167\u00b2\u00b9 0xFFab", "\x00\x01\x1b\x07\x7f\xa0\u200b\u3000\u180e\ufeff\t \u2009",
    "\U00031350\u1c89\u1c8a \U00010d40\u0b56\u0897\U00011f02 \U0001fae8\U0001fac6 \u0cf3\u0ece \U0001171e\U00011a84 \U0010fffe\u0378", "snake_case CamelCase kebab-case ]a] \xe9\xc9 \u01c4\u01c5\u01c6 h\u0331", "bcx ax lx  \n\n tail  ",
]


def pieces(pattern, text):
    cut = pre_tokenizers.Split(Regex(pattern), "isolated")
    return [len(piece.encode()) for piece, _ in cut.pre_tokenize_str(text)] if text else []


def main():
    rows = [json.dumps({"pattern": pattern, "pieces": [pieces(pattern, text) for text in TEXTS]}, separators=(",", ":")) for pattern in PATTERNS]
    sys.stdout.write('{"texts": ' + json.dumps(TEXTS) + ',\n "patterns": [' + ",\n  ".join(rows) + "]}\n")


if __name__ == "__main__":
    main()
