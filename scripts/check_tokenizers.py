#!/usr/bin/env python3
"""Compares hone's tokenizer with the `tokenizers` package: ids and decoded texts, and MB/s of one thread. Run by hand.

  check_tokenizers.py [--tests build/release/hone_tokenizer_tests] [--folder FOLDER]... [--data FOLDER] [--only-vectors OUT]

For each tokenizer folder the package encodes and decodes all texts (every string in the JSON files under --data, and generated Unicode)
into a file of vectors; the test SlowTokenizerPeer reads it and compares. Needs: pip install tokenizers.
"""
import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
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


def generated_texts(added_tokens):
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

    texts = ["".join(part() for _ in range(rng.randint(1, 12))) for _ in range(20_000)]
    texts += [chr(c) for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]
    texts += ["x" + chr(c) + "y" + chr(c) for c in range(0x20000) if not 0xD800 <= c <= 0xDFFF]
    texts += [piece * count for piece in ["a", " ", "ab", "\n", "\u0301", "a\u0323\u0301", "\u4f60", "\U0001f600", " a"] for count in (100, 20_000)]
    return texts


def write_vectors(tokenizer, texts, path):
    """One line a text: ids without and with special tokens, decoded with and without them. Returns (bytes, CPU seconds of encoding)."""
    start = time.process_time()
    encoded = [tokenizer.encode(text, add_special_tokens=False).ids for text in texts]
    seconds = time.process_time() - start
    with open(path, "w", encoding="utf-8") as out:
        for text, ids in zip(texts, encoded):
            special = tokenizer.encode(text, add_special_tokens=True).ids
            row = {"text": text, "ids": ids, "decoded": tokenizer.decode(special, skip_special_tokens=False),
                   "skipped": tokenizer.decode(special, skip_special_tokens=True)}
            if special != ids:
                row["special"] = special
            out.write(json.dumps(row) + "\n")
    return sum(len(text.encode()) for text in texts), seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tests", type=Path, default=ROOT / "build/release/hone_tokenizer_tests")
    parser.add_argument("--folder", type=Path, action="append", help="folders with a tokenizer.json")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared/data")
    parser.add_argument("--only-vectors", type=Path, help="write <name>.<part>.jsonl there and stop")
    options = parser.parse_args()
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    from tokenizers import Tokenizer

    folders = options.folder or sorted(p.parent for p in (ROOT.parent / "shared/tokenizers").glob("*/tokenizer.json"))
    failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        for folder in folders:
            tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            added = [token.content for token in tokenizer.get_added_tokens_decoder().values()]
            for part, texts in (("data", data_texts(options.data)), ("generated", generated_texts(added))):
                path = (options.only_vectors or Path(scratch)) / f"{folder.name}.{part}.jsonl"
                size, seconds = write_vectors(tokenizer, texts, path)
                print(f"{folder.name} {part}: {len(texts)} texts, {size / 1e6:.1f} MB; tokenizers {size / 1e6 / seconds:.2f} MB/s", flush=True)
                if not options.only_vectors:
                    env = os.environ | {"HONE_PEER_TOKENIZER": str(folder), "HONE_PEER_VECTORS": str(path)}
                    failed += subprocess.run([options.tests, "--gtest_filter=SlowTokenizerPeer.*", "--gtest_brief=1"], env=env).returncode != 0
    if not options.only_vectors:
        print("all equal" if not failed else f"{failed} comparisons failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
