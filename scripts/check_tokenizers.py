#!/usr/bin/env python3
"""Compares hone's tokenizer with the `tokenizers` package: ids and decoded texts. Run by hand; scripts/bench_tokenizers.py compares speeds.

  check_tokenizers.py [--tests build/release/hone_tokenizer_tests] [--folder FOLDER]... [--data FOLDER] [--small [NAME]... | --patterns] [--only-vectors OUT]

For each tokenizer folder the package encodes and decodes all texts (every line of the strings in the JSON files under --data, and generated
Unicode) into a file of vectors; the test SlowTokenizerPeer reads it and compares. --small: not folders, but the small tokenizers of every kind that
tests/golden/make_tokenizers.py makes, on fewer texts. --patterns: the regular expressions of tests/golden/make_regexes.py. Needs: pip install tokenizers; for --small sentencepiece, too.
"""
import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def strings_of(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for element in value:
            yield from strings_of(element)
    elif isinstance(value, dict):
        for element in value.values():
            yield from strings_of(element)


def data_texts(folder):
    """Every distinct string in the .json and .jsonl files under `folder`."""
    seen = set()
    for path in sorted(folder.rglob("*.json*")):
        text = path.read_text(encoding="utf-8")
        rows = [json.loads(line) for line in text.splitlines() if line.strip()] if path.suffix == ".jsonl" else json.loads(text)
        seen.update(strings_of(rows))
    return sorted(text for text in seen if len(text) < 200_000)


def generated_texts(added_tokens, count=20_000, longest=20_000):
    """Unicode of all kinds, from a fixed seed."""
    rng = random.Random(17)
    ranges = [(0x20, 0x7E), (0, 0x1F), (0x7F, 0xFF), (0x100, 0x24F), (0x300, 0x36F), (0x370, 0x5FF), (0x590, 0x6FF), (0x900, 0xDFF),
              (0xE00, 0xFFF), (0x1100, 0x11FF), (0x1E00, 0x1FFF), (0x2000, 0x20CF), (0x2100, 0x2BFF), (0x3000, 0x30FF),
              (0x3400, 0x9FFF), (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0xFB00, 0xFDFF), (0xFE00, 0xFFFD), (0x10000, 0x1FFFF),
              (0x1D400, 0x1D7FF), (0x1F1E6, 0x1F1FF), (0x1F300, 0x1FAFF), (0x20000, 0x32FFF), (0xE0000, 0xE01EF), (0x10FF00, 0x10FFFF)]
    spaces = [" ", "  ", "\n", "\r\n", "\t", "\u3000", "\u00a0", "\u2009", "\u0085", "\u180e", "\u200b", "\u2028", "\r", "\x0b"]

    def character():
        low, high = rng.choice(ranges)
        return chr(rng.randint(low, high))

    def part():
        kind = rng.randrange(9)
        if kind == 0:
            return "".join(character() for _ in range(rng.randint(1, 12)))
        if kind == 1:
            low, high = rng.choice(ranges)
            return "".join(chr(rng.randint(low, high)) for _ in range(rng.randint(1, 30)))
        if kind == 2:
            return rng.choice(spaces) * rng.randint(1, 40)
        if kind == 3:
            return rng.choice(["'s", "'S", "'re", "'LL", "'\u017f", "I'm", "don't", "'d", "x'Ve", "\u212a"])
        if kind == 4:
            return "".join(rng.choice("0123456789\u0661\u06f5\u00bd\u2167\u4e09.,") for _ in range(rng.randint(1, 12)))
        if kind == 5:
            base = rng.choice(["a", "e", "o", "A", "\u05d0", "\u0627", "\u0915", "\uac00", "\u1100\u1161"])
            return base + "".join(chr(rng.randint(0x300, 0x36F)) for _ in range(rng.randint(0, 6)))
        if kind == 6:
            return rng.choice(["\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f1e9\U0001f1ea", "\u2764\ufe0f", "\U0001fae8"])
        if kind == 7 and added_tokens:
            return rng.choice(added_tokens)
        return rng.choice(["Hello", " world", "the quick", "\u4f60\u597d\u4e16\u754c", "\u041f\u0440\u0438\u0432\u0435\u0442", "\\frac{1}{2}"])

    texts = ["".join(part() for _ in range(rng.randint(1, 12))) for _ in range(count)]
    texts += [piece * times for piece in ["a", " ", "ab", "\n", "\u0301", "a\u0323\u0301", "\u4f60", "\U0001f600", " a"] for times in (100, longest)]
    return texts


def code_point_texts(small):
    """Every code point, between letters and next to each other. small: without most of the ideographs and of private use."""
    skipped = [(0xD800, 0xDFFF)] + ([(0x3600, 0x9F00), (0xAD00, 0xD700), (0xE100, 0xF8FF), (0x12800, 0x14400), (0x17100, 0x18AFF), (0x20000, 0xDFFFF),
                                     (0xF0000, 0x10FFFF)] if small else [])
    points = [chr(c) for c in range(0x110000) if not any(low <= c <= high for low, high in skipped)]
    texts = []
    for at in range(0, len(points), 8):
        pack = points[at:at + 8]
        texts.append("".join("x" + c for c in pack) + " " + "".join("a" + c + c + "e " for c in pack[::3]))
    return texts + [c for c in points if ord(c) < 0x3000]


def each(function, many, items):
    """many(items), or function(item) for each if one of them is more than the package can take (it panics): then None."""
    try:
        return many(items)
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise

    def one(item):
        try:
            return function(item)
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            return None
    return [one(item) for item in items]


def write_vectors(tokenizer, texts, path):
    """One line a text: ids without and with special tokens, decoded with and without them. Returns the number of lines."""
    sides = []
    for special in (False, True):
        rows = each(lambda text: tokenizer.encode(text, add_special_tokens=special),
                    lambda all_texts: tokenizer.encode_batch_fast(all_texts, add_special_tokens=special), texts)
        sides.append([None if row is None else row.ids for row in rows])
    ids = [row or [] for row in sides[1]]
    decoded = [each(lambda row: tokenizer.decode(row, skip_special_tokens=skip),
                    lambda rows: tokenizer.decode_batch(rows, skip_special_tokens=skip), ids) for skip in (False, True)]
    count = 0
    with open(path, "w", encoding="utf-8") as out:
        for text, plain, special, kept, skipped in zip(texts, *sides, *decoded):
            if plain is None or special is None or kept is None or skipped is None:
                continue
            row = {"text": text, "ids": plain, "decoded": kept, "skipped": skipped} | ({"special": special} if special != plain else {})
            out.write(json.dumps(row) + "\n")
            count += 1
    return count


def small_tokenizers():
    """(name, text of tokenizer.json) of the golden cases, and of one with SentencePiece's own table of replacements."""
    sys.path.insert(0, str(ROOT / "tests/golden"))
    import make_tokenizers as golden

    all_models = golden.make_models()
    cases = golden.make_cases(golden.small_charsmap())
    model, parts, added = cases["t5"]
    real = {"type": "Precompiled", "precompiled_charsmap": golden.charsmap(normalization_rule_name="nmt_nfkc_cf")}
    cases["t5_real"] = (model, parts | {"normalizer": real}, added)
    cases["replacements"] = ("suffix", {"normalizer": real}, [])
    for name, (model, parts, added) in cases.items():
        yield name, json.dumps(golden.assemble(all_models, model, parts, added))


def pattern_tokenizers():
    """(name, text of tokenizer.json) of tokenizers that cut by a regular expression, with an id for each byte that ends a piece and for each other."""
    sys.path.insert(0, str(ROOT / "tests/golden"))
    from make_regexes import PATTERNS
    from tokenizers import pre_tokenizers

    vocab = {byte + end: i for i, (end, byte) in enumerate((end, byte) for end in ("", "</w>") for byte in sorted(pre_tokenizers.ByteLevel.alphabet()))}
    model = {"type": "BPE", "vocab": vocab, "merges": [], "end_of_word_suffix": "</w>", "dropout": None, "unk_token": None, "continuing_subword_prefix": None,
             "fuse_unk": False, "byte_fallback": False, "ignore_merges": False}
    decoder = {"type": "BPEDecoder", "suffix": "</w>"}
    level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False}
    for i, pattern in enumerate(PATTERNS):
        split = {"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Isolated", "invert": False}
        yield f"pattern {i}: {pattern!r}", json.dumps(
            {"version": "1.0", "truncation": None, "padding": None, "added_tokens": [], "normalizer": None, "decoder": decoder, "post_processor": None,
             "pre_tokenizer": {"type": "Sequence", "pretokenizers": [split, level]}, "model": model})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tests", type=Path, default=ROOT / "build/release/hone_tokenizer_tests")
    parser.add_argument("--folder", type=Path, action="append", help="folders with a tokenizer.json")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared/data")
    parser.add_argument("--small", nargs="*", help="the small tokenizers, or those of these names")
    parser.add_argument("--patterns", action="store_true", help="the regular expressions of the golden cases")
    parser.add_argument("--only-vectors", type=Path, help="write <name>.jsonl there and stop")
    options = parser.parse_args()
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    from tokenizers import Tokenizer

    failed, total = [], 0

    def compare(name, folder, texts):
        nonlocal total
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        added = [token.content for token in tokenizer.get_added_tokens_decoder().values()]
        path = (options.only_vectors or Path(scratch)) / f"{folder.name}.jsonl"
        count = write_vectors(tokenizer, texts(added), path)
        total += count
        print(f"{name}: {count} texts", flush=True)
        if options.only_vectors:
            return
        env = os.environ | {"HONE_PEER_TOKENIZER": str(folder), "HONE_PEER_VECTORS": str(path)}
        run = subprocess.run([options.tests, "--gtest_filter=SlowTokenizerPeer.*", "--gtest_brief=1"], env=env, capture_output=True, text=True)
        if run.returncode != 0:
            failed.append(name)
            print(run.stdout[:3000] + run.stderr, flush=True)

    with tempfile.TemporaryDirectory() as scratch:
        if options.patterns:
            texts = generated_texts([], 2_000, 300) + code_point_texts(True)[::8]
            for i, (name, text) in enumerate(pattern_tokenizers()):
                folder = Path(scratch) / str(i)
                folder.mkdir()
                (folder / "tokenizer.json").write_text(text, encoding="utf-8")
                compare(name, folder, lambda added: texts)
        elif options.small is None:
            lines = sorted({line for text in data_texts(options.data) for line in text.split("\n") if line})
            for folder in options.folder or sorted(p.parent for p in (ROOT.parent / "shared/tokenizers").glob("*/tokenizer.json")):
                compare(folder.name, folder, lambda added: lines + generated_texts(added) + code_point_texts(False))
        else:
            points = code_point_texts(True)
            for name, text in small_tokenizers():
                if options.small and name not in options.small:
                    continue
                folder = Path(scratch) / name
                folder.mkdir()
                (folder / "tokenizer.json").write_text(text, encoding="utf-8")
                compare(name, folder, lambda added: generated_texts(added, 1_500, 3_000) + points)
    if not options.only_vectors:
        print(f"{total} texts, all equal" if not failed else f"different: {' '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
