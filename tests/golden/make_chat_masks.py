#!/usr/bin/env python3
"""Makes chat_masks.json: token ids and loss masks of conversations, by transformers (5.23) and TRL's rules (1.16).

  make_chat_masks.py > chat_masks.json      beside tokenizers.json, whose tokenizers it takes

{"templates": {name: text}, "cases": [{"tokenizer": name of a case of tokenizers.json, "template", "messages", "prompt_messages", "ids",
"trained": [[begin, end)]}]}. trained: apply_chat_template(return_assistant_tokens_mask=True); with prompt_messages > 0 also without the tokens that the
prompt (with the generation prompt) and the whole share at their beginning, as trl/trainer/sft_trainer.py does. One thing is mended:
where a block ends with a character that is several tokens, transformers marks the first of them only; here all of them count.
"""
import json
import random
import sys
from pathlib import Path

from tokenizers import Tokenizer
from transformers import PreTrainedTokenizerFast

HERE = Path(__file__).resolve().parent
TEMPLATES = {
    # the turn's end counts
    "chatml": "{% for m in messages %}<|im_start|>{{ m.role }}\n{% if m.role == 'assistant' %}{% generation %}{{ m.content }}<|im_end|>"
              "{% endgeneration %}{% else %}{{ m.content }}<|im_end|>{% endif %}\n{% endfor %}"
              "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}",
    # no marks: borders fall inside words and runs of spaces
    "bare": "{% for m in messages %}{{ m.role[0] }}:{% if m.role == 'assistant' %}{% generation %}{{ m.content }}{% endgeneration %}"
            "{% else %}{{ m.content }}{% endif %}{% endfor %}{% if add_generation_prompt %}a:{% endif %}",
    # two blocks in a turn, reasoning that counts and a heading that does not
    "two": "{% for m in messages %}[{{ m.role }}]{% if m.role == 'assistant' %}{% generation %}{{ m.reasoning }}{% endgeneration %}\n=\n"
           "{% generation %}{{ m.content }}\n{% endgeneration %}{% else %}{{ m.content }}\n{% endif %}{% endfor %}"
           "{% if add_generation_prompt %}[assistant]{% endif %}",
}
TOKENIZERS = ["gpt2", "qwen", "llama3", "deepseek", "metaspace_first", "gemma", "llama2"]
PIECES = ["hello", "the", " ", "  ", "\n", "\n\n", "3.14", "你好", "é", "😀", "it's", "!", "?", "then", "x"]


def words(rng, low):
    return "".join(rng.choice(PIECES) for _ in range(rng.randint(low, 7)))


def conversation(rng):
    messages = [{"role": "system", "content": words(rng, 0)}] if rng.random() < 0.4 else []
    for _ in range(rng.randint(1, 3)):
        messages += [{"role": "user", "content": words(rng, 1)}, {"role": "assistant", "content": words(rng, 1), "reasoning": words(rng, 1)}]
    return messages


def shared(a, b):
    count = 0
    while count < min(len(a), len(b)) and a[count] == b[count]:
        count += 1
    return count


def whole_characters(tokenizer, messages, options, ids, mask):
    """Tokens of one character have the same offsets."""
    text = tokenizer.apply_chat_template(messages, chat_template=options["chat_template"], tokenize=False)
    encoded = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
    assert encoded["input_ids"] == ids
    offsets, mask = encoded["offset_mapping"], list(mask)
    for i in range(1, len(mask)):
        if mask[i - 1] and not mask[i] and offsets[i] == offsets[i - 1]:
            mask[i] = 1
    return mask


def runs(mask):
    edges = [i for i, (a, b) in enumerate(zip([0] + mask, mask + [0])) if a != b]
    return [edges[i:i + 2] for i in range(0, len(edges), 2)]


def make_case(rng, name, tokenizer, template):
    messages = conversation(rng)
    options = {"chat_template": TEMPLATES[template], "return_dict": True, "tokenize": True}
    whole = tokenizer.apply_chat_template(messages, return_assistant_tokens_mask=True, **options)
    ids = whole["input_ids"]
    mask = whole_characters(tokenizer, messages, options, ids, whole["assistant_masks"])
    prompt_messages = len(messages) - 1 if rng.random() < 0.3 else 0
    if prompt_messages:
        prompt = tokenizer.apply_chat_template(messages[:-1], add_generation_prompt=True, **options)["input_ids"]
        mask = [0 if i < shared(prompt, ids) else m for i, m in enumerate(mask)]
    return {"tokenizer": name, "template": template, "messages": messages, "prompt_messages": prompt_messages, "ids": ids, "trained": runs(mask)}


def main():
    golden = json.loads((HERE / "tokenizers.json").read_text())
    rng, cases = random.Random(7), []
    for case in golden["cases"]:
        if case["name"] not in TOKENIZERS:
            continue
        parts = Tokenizer.from_str(json.dumps(case["parts"] | {"model": golden["models"][case["model"]]}))
        tokenizer = PreTrainedTokenizerFast(tokenizer_object=parts)
        for template in TEMPLATES:
            for _ in range(12):
                cases.append(make_case(rng, case["name"], tokenizer, template))
    json.dump({"templates": TEMPLATES, "cases": cases}, sys.stdout, ensure_ascii=True)
    print()


main()
