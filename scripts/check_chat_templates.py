#!/usr/bin/env python3
"""Chat templates against transformers: every template on many generated conversations, byte by byte.

  scripts/check_chat_templates.py RENDER [--count N] TEMPLATE...

RENDER is the test program hone_chat_render of a build; a TEMPLATE is a .jinja file, a tokenizer_config.json, or a folder of either. Without
any, the templates of tests/golden/chat_templates are taken. Needs transformers (5.23) and jinja2 (3.1.6). What differs is printed; the
exit status is 1 then. A conversation that transformers refuses must be refused too.
"""
import argparse
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "golden"))
from conversations import SPECIAL_TOKENS, cases  # noqa: E402
from make_chat_templates import NOW, freeze_clock, render_request  # noqa: E402


def templates_of(path):
    """(name, text) of every template in a file or folder."""
    if path.is_dir():
        for file in sorted(path.rglob("*.jinja")) + sorted(path.rglob("tokenizer_config.json")):
            yield from templates_of(file)
        return
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".jinja":
        yield path.name, text
        return
    value = json.loads(text).get("chat_template")
    named = value if isinstance(value, list) else [{"name": "default", "template": value}] if value else []
    for entry in named:
        yield f"{path.parent.name}:{entry['name']}", entry["template"]


def hone(render, lines):
    text = "".join(json.dumps(line) + "\n" for line in lines)
    done = subprocess.run([render], input=text, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.split("\n")[:-1]]


def same(expected, got):
    if "error" in expected or "error" in got:
        return "error" in expected and "error" in got
    return expected["text"] == got["text"] and expected.get("spans", got["spans"]) == got["spans"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("render")
    parser.add_argument("templates", nargs="*", type=Path, default=[ROOT / "tests" / "golden" / "chat_templates"])
    parser.add_argument("--count", type=int, default=500)
    options = parser.parse_args()
    utils = freeze_clock()
    failures = total = 0
    for name, template in (t for path in options.templates for t in templates_of(path)):
        requests = cases(name, options.count)
        got = hone(options.render, [{"template": template, "special_tokens": SPECIAL_TOKENS, "now": NOW, "request": r} for r in requests])
        refused = different = 0
        for request, mine in zip(requests, got):
            expected = render_request(utils, template, request, SPECIAL_TOKENS)
            refused += "error" in expected
            if same(expected, mine):
                continue
            different += 1
            if different == 1:
                print(f"{name}: {json.dumps(request)}\n  expected {json.dumps(expected)}\n  got      {json.dumps(mine)}")
        failures += different
        total += len(requests)
        print(f"{name}: {len(requests)} conversations, {refused} refused by both, {different} different", flush=True)
    print(f"check_chat_templates: {total} conversations, {failures} different")
    return 1 if failures or not total else 0


if __name__ == "__main__":
    sys.exit(main())
