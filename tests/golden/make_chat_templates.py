#!/usr/bin/env python3
"""Goldens of the chat templates: what jinja2 in transformers' settings makes of snippets and of conversations.

  tests/golden/make_chat_templates.py      writes jinja_snippets.jsonl and chat_templates.jsonl beside it

Made with Python 3.11, jinja2 3.1.6 and the functions of transformers 5.23 (which it imports). Conversations come from a fixed seed:
tests/golden/conversations.py, which scripts/check_chat_templates.py uses too, for many more of them.
"""
import datetime
import json
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from conversations import SPECIAL_TOKENS, cases  # noqa: E402

# 2024-07-26 12:34:56 UTC
NOW = 1721997296
CONVERSATIONS = 20  # a template
CONTEXT = {
    "x": "X", "s": "Hello World", "l": [1, 2, 3, 4], "u": "aé日😀z", "d": {"a": 1, "b": 2}, "n": {"x": {"y": [10, 20]}},
    "eos": "</s>",
    "users": [{"name": "Bob", "age": 42, "address": {"city": "Rome"}, "admin": True},
              {"name": "ann", "age": 25, "address": {"city": "Oslo"}},
              {"name": "Cy", "age": 31, "address": {"city": "Rome"}, "admin": False}],
    "tree": [{"n": 1, "c": [{"n": 2, "c": [{"n": 3}]}]}, {"n": 4}],
    "messages": [{"role": "system", "content": "be good"}, {"role": "user", "content": " hi "},
                 {"role": "assistant", "content": "yo"}, {"role": "user", "content": "bye"}],
    "tools": [{"type": "function", "function": {
        "name": "f", "description": "d <é>",
        "parameters": {"type": "object", "properties": {"z": {"type": "string"}, "a": {"type": "integer"}}, "required": ["z"]}}}]}


def freeze_clock():
    """strftime_now() of transformers reads datetime.now()."""
    from transformers.utils import chat_template_utils

    class Frozen(datetime.datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.datetime.fromtimestamp(NOW, datetime.timezone.utc).replace(tzinfo=None)

    chat_template_utils.datetime = Frozen
    return chat_template_utils


def spans_in_bytes(text, spans):
    return [[len(text[:begin].encode()), len(text[:end].encode())] for begin, end in spans]


def render_context(utils, template, context):
    """A bare template: {"text", "spans"}, or {"error"} with jinja2's message."""
    try:
        compiled = utils._compile_jinja_template(template)
        blocks, spans = [], []
        with compiled.environment.activate_tracker(blocks, spans):
            for block in compiled.generate(**context):
                blocks.append(block)
        text = "".join(blocks)
        return {"text": text, "spans": spans_in_bytes(text, spans)}
    except Exception as e:  # whatever a template can raise
        return {"error": f"{type(e).__name__}: {e}"}


def render_request(utils, template, request, special_tokens):
    """As PreTrainedTokenizerBase.apply_chat_template(tokenize=False) does it."""
    messages = [{k: v for k, v in m.items() if v is not None} for m in request["messages"]]
    mask = "continue_field" not in request
    try:
        texts, spans = utils.render_jinja_template(
            conversations=[messages], tools=request.get("tools"), documents=request.get("documents"), chat_template=template,
            return_assistant_tokens_mask=mask, continue_final_message=request.get("continue_field", False),
            add_generation_prompt=request.get("add_generation_prompt", False),
            **{**special_tokens, **(request.get("variables") or {})})
        result = {"text": texts[0]}
        # Without such blocks transformers has no spans, and hone finds them by its own means.
        if mask and re.search(r"\{%[-+]?\s*generation\s*[-+]?%\}", template):
            result["spans"] = spans_in_bytes(texts[0], spans[0])
        return result
    except Exception as e:
        return {"error": f"{type(e).__name__}: {e}"}


def snippets():
    for line in (HERE / "jinja_snippets.txt").read_text(encoding="utf-8").split("\n"):
        if line and not line.startswith(("# ", "##")):
            yield line.replace("␤", "\n")


def write_lines(path, rows):
    with open(path, "w", encoding="utf-8") as f:
        for row in rows:
            f.write(json.dumps(row, ensure_ascii=False) + "\n")
    print(f"{path.name}: {len(rows)} lines, {path.stat().st_size} bytes")


def main():
    utils = freeze_clock()
    write_lines(HERE / "jinja_snippets.jsonl",
                [{"context": CONTEXT, "now": NOW}] +
                [{"template": t, **render_context(utils, t, CONTEXT)} for t in snippets()])
    rows = [{"special_tokens": SPECIAL_TOKENS, "now": NOW}]
    for file in sorted((HERE / "chat_templates").glob("*.jinja")):
        template = file.read_text(encoding="utf-8")
        for request in cases(file.name, CONVERSATIONS):
            rows.append({"template": file.name, "request": request, **render_request(utils, template, request, SPECIAL_TOKENS)})
    write_lines(HERE / "chat_templates.jsonl", rows)


if __name__ == "__main__":
    main()
