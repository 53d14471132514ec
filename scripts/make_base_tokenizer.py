#!/usr/bin/env python3
"""Writes recipes/base/tokenizer.json and tokenizer_config.json: the vocabulary of the shipped base.

Byte-level BPE in the Hugging Face format without merges: the 256 bytes, one token for each number 0 to 99 and
each word or operator of the procedural tasks (datasets/words.cpp) with the space before it, one for each word
that opens a prompt without one, and the tags. `ignore_merges` takes a whole pre-token from the vocabulary;
anything else falls back to bytes, so every text can be encoded. The size is padded to a multiple of 16 with
reserved tokens. Needs no packages.

  scripts/make_base_tokenizer.py [FOLDER]
"""

import json
import pathlib
import sys

WORDS = {  # English, Chinese; in the order of datasets/words.h
    "try": "\u8bd5",
    "no": "\u4e0d",
    "yes": "\u5bf9",
    "big": "\u5927",
    "stop": "\u505c",
    "so": "\u6240\u4ee5",
    "then": "\u518d",
    "least": "\u6700\u5c0f",
    "left": "\u5269",
    "make": "\u51d1",
    "from": "\u7528",
    "sum": "\u7b97",
    "sort": "\u6392\u5e8f",
    "binary": "\u4e8c\u8fdb\u5236",
}
OPENERS = ["make", "sum", "sort", "binary"]  # first words of prompts: also without a space
SYMBOLS = ["+", "-", "*", "/", "=", "(", ")", ":"]
TAGS = ["<think>", "</think>", "<answer>", "</answer>"]
END = "<|end|>"
MULTIPLE = 16


def byte_characters():
    """GPT-2's table: the character that stands for each byte in a byte-level vocabulary."""
    shown = [*range(ord("!"), ord("~") + 1), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = [byte for byte in range(256) if byte not in shown]
    table = {byte: chr(byte) for byte in shown}
    table.update({byte: chr(256 + i) for i, byte in enumerate(hidden)})
    return table


def vocabulary():
    """All tokens but the added ones, in the order of their ids."""
    table = byte_characters()
    items = [" " + str(number) for number in range(100)]
    items += [" " + symbol for symbol in SYMBOLS]
    for english, chinese in WORDS.items():
        items += [" " + english, " " + chinese]
    for english in OPENERS:
        # A single character of Chinese is three bytes, so it too needs a token of its own.
        items += [english, WORDS[english]]
    spelled = ["".join(table[byte] for byte in item.encode()) for item in items]
    return [table[byte] for byte in range(256)] + spelled


def added_tokens(first_id):
    """The tags, which take the space before them; the end; reserved tokens up to a round number."""
    def token(content, special, lstrip):
        return {"content": content, "single_word": False, "lstrip": lstrip, "rstrip": False,
                "normalized": False, "special": special}

    tokens = [token(tag, special=False, lstrip=True) for tag in TAGS]
    tokens.append(token(END, special=True, lstrip=False))
    reserved = -(first_id + len(tokens)) % MULTIPLE
    tokens += [token(f"<|reserved_{i}|>", special=True, lstrip=False) for i in range(reserved)]
    return [{"id": first_id + i, **entry} for i, entry in enumerate(tokens)]


def tokenizer_json():
    tokens = vocabulary()
    assert len(set(tokens)) == len(tokens)
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": added_tokens(len(tokens)),
        "normalizer": None,
        "pre_tokenizer": byte_level,
        "post_processor": None,
        "decoder": byte_level,
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": None,
            "continuing_subword_prefix": None,
            "end_of_word_suffix": None,
            "fuse_unk": False,
            "byte_fallback": False,
            "ignore_merges": True,
            "vocab": {token: i for i, token in enumerate(tokens)},
            "merges": [],
        },
    }


def config_json():
    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "add_prefix_space": False,
        "clean_up_tokenization_spaces": False,
        "eos_token": END,
        "pad_token": END,
    }


def main():
    default = pathlib.Path(__file__).resolve().parent.parent / "recipes" / "base"
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else default
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in [("tokenizer.json", tokenizer_json()), ("tokenizer_config.json", config_json())]:
        text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
        (folder / name).write_text(text, encoding="utf-8")
    model, added = tokenizer_json()["model"], tokenizer_json()["added_tokens"]
    print(f"{folder}: {len(model['vocab']) + len(added)} tokens, {len(added)} of them added")


if __name__ == "__main__":
    main()
