#!/usr/bin/env python3
"""Makes tokenizers.json, the answers of the `tokenizers` package (0.23.3) to small tokenizers of every kind that hone reads.

  make_tokenizers.py > tokenizers.json

{"texts": [text], "models": {name: model}, "cases": [{"name", "model", "parts": {..}, "answers": [[ids, ids with special tokens,
decoded, decoded without special tokens]]}]}: a case's tokenizer.json is its parts and its model.
"""
import json
import sys

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

TEXTS = [
    "", " ", "a", "Hello world", " Hello  world ", "hello hello the then there", "It's 12 o'clock, isn't it? 3.14159!", "x\n\n y\r\n\tz",
    "caf\u00e9 cafe\u0301 \u212b \ufb01 \u0130I\u03a3", "\u4f60\u597d\uff0c\u4e16\u754c\u3002 2024\u5e74", "\U0001f600\U0001fae8 \u2764\ufe0f",
    "<s>Hello<tool>world</s>", "a <mask> b<mask>c  <mask>\n", "cat cats concat [cat] \u4f60cat", "\u2581under\u2581score_\u2581", "(a+b)*c-[d]={e};$5%",
    "\u0661\u0662\u0663 \u00bd \u2167 \u0915\u094d\u0937\u093f", "  <tool>  <s>  ", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "the\u00a0the\u3000the\u180ethe\u200bthe\u0085the", "\U00031350\u1c89 \U00010d40\u0b56\u0897", "HELLO World \u00c9\u00c0 \u0391\u03a9", "\u0301a\u0323\u0301b\u0301\u0323 \u1100\u1161\u11a8",
]
TRAIN = TEXTS * 2 + ["the quick brown fox jumps over the lazy dog and then the other", "hello world, hello there; the world is 2024 and 1234"] * 5


def token(content, special=True, **flags):
    return {"content": content, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": special} | flags


def train(alphabet, size, pre):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre
    tokenizer.train_from_iterator(TRAIN, trainers.BpeTrainer(vocab_size=size, initial_alphabet=alphabet, show_progress=False))
    return json.loads(tokenizer.to_str())["model"]


def make_models():
    byte = train(sorted(pre_tokenizers.ByteLevel.alphabet()), 330, pre_tokenizers.ByteLevel(add_prefix_space=False))
    char = train(list("\u2581abcdefghijklmnopqrstuvwxyzHWT0123456789,.!?'"), 160, pre_tokenizers.Metaspace())
    # A vocabulary with an unknown token, and one with byte tokens as well.
    unknown = char | {"vocab": char["vocab"] | {"<unk>": len(char["vocab"])}, "unk_token": "<unk>"}
    size = len(unknown["vocab"])
    fallback = unknown | {"vocab": unknown["vocab"] | {f"<0x{b:02X}>": size + b for b in range(256)}, "byte_fallback": True, "fuse_unk": True}
    some_bytes = unknown | {"vocab": unknown["vocab"] | {f"<0x{b:02X}>": size + b for b in range(0xC4)}, "byte_fallback": True, "fuse_unk": True}
    return {"byte": byte, "byte_whole": byte | {"ignore_merges": True, "vocab": byte["vocab"] | {"\u0120concat": len(byte["vocab"])}}, "char": char,
            "unknown": unknown, "fused": unknown | {"fuse_unk": True}, "fallback": fallback, "some_bytes": some_bytes,
            "char_whole": unknown | {"ignore_merges": True}}


def byte_level(**options):
    return {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True} | options


def split(pattern, behavior="Isolated", invert=False, kind="Regex"):
    return {"type": "Split", "pattern": {kind: pattern}, "behavior": behavior, "invert": invert}


def sequence(key, *parts):
    return {"type": "Sequence", key: list(parts)}


def pre(*parts):
    return {"pre_tokenizer": sequence("pretokenizers", *parts)} if len(parts) > 1 else {"pre_tokenizer": parts[0]}


def metaspace(**options):
    return {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": True} | options


def replace(old, new, kind="String"):
    return {"type": "Replace", "pattern": {kind: old}, "content": new}


QWEN = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
LLAMA = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
GPT4O = (r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"
         r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"
         r"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+")
DEEPSEEK = [split(r"\p{N}{1,3}"), split("[\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+"),
            split(r"[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"),
            byte_level(use_regex=False)]
BYTE_DECODER = {"decoder": byte_level()}
LLAMA2 = {"decoder": sequence("decoders", replace("\u2581", " "), {"type": "ByteFallback"}, {"type": "Fuse"},
                              {"type": "Strip", "content": " ", "start": 1, "stop": 0})}
BOS = {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                                                {"SpecialToken": {"id": "</s>", "type_id": 0}}],
       "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}]}


def make_cases():
    cases = {
        "gpt2": ("byte", pre(byte_level()) | BYTE_DECODER, []),
        "gpt2_space": ("byte", pre(byte_level(add_prefix_space=True)) | BYTE_DECODER, []),
        "qwen": ("byte", pre(split(QWEN), byte_level(use_regex=False)) | BYTE_DECODER | {"normalizer": {"type": "NFC"}}, []),
        "llama3": ("byte_whole", pre(split(LLAMA), byte_level(use_regex=False)) | BYTE_DECODER, [token("<s>"), token("</s>")]),
        "gpt4o": ("byte", pre(split(GPT4O), byte_level(use_regex=False)) | BYTE_DECODER, []),
        "deepseek": ("byte", pre(*DEEPSEEK) | BYTE_DECODER, []),
        "falcon": ("byte", pre({"type": "Punctuation", "behavior": "Contiguous"}, byte_level(), {"type": "Digits", "individual_digits": False},
                               split("[0-9][0-9][0-9]")) | BYTE_DECODER, []),
        "digits": ("byte", pre({"type": "Digits", "individual_digits": True}, byte_level()) | BYTE_DECODER, []),
        "word_class": ("byte", pre(split(r"\w+|[^\w\s]+"), byte_level(use_regex=False)) | BYTE_DECODER, []),
        "digit_class": ("byte", pre(split(r"\d+|\D"), byte_level(use_regex=False)) | BYTE_DECODER, []),
        "punctuation_class": ("byte", pre(split(r"\p{P}|\P{L}+?|\p{^N}"), byte_level(use_regex=False)) | BYTE_DECODER, []),
        "han": ("byte", pre(split(r"\p{Han}+|[^\p{Han}]"), byte_level(use_regex=False)) | BYTE_DECODER, []),
        "lookahead": ("byte", pre(split(r"(?=[A-Z])|(?<=e)"), byte_level(use_regex=False)) | BYTE_DECODER, []),
        "anchors": ("byte", pre(split(r"^.|.$|\A\s|\n{,2}x?+"), byte_level(use_regex=False)) | BYTE_DECODER, []),
        "escapes": ("byte", pre(split(r"\u4f60|\x{597d}|\x20|[\t\-a-c\]]|\(\+"), byte_level(use_regex=False)) | BYTE_DECODER, []),
        "null": ("char", {}, []),
        "null_unknown": ("unknown", {}, []),
        "null_fused": ("fused", {}, []),
        "whitespace": ("fused", pre({"type": "Whitespace"}), []),
        "whitespace_split": ("unknown", pre({"type": "WhitespaceSplit"}), []),
        "punctuation": ("fused", pre({"type": "Punctuation", "behavior": "MergedWithPrevious"}), []),
        "whole_words": ("char_whole", pre({"type": "WhitespaceSplit"}), []),
        "metaspace": ("fused", pre(metaspace()) | {"decoder": metaspace()}, [token("<s>"), token("<tool>")]),
        "metaspace_first": ("fused", pre(metaspace(prepend_scheme="first")) | {"decoder": metaspace(prepend_scheme="first")},
                            [token("<s>"), token("<tool>")]),
        "metaspace_first_words": ("fused", pre({"type": "WhitespaceSplit"}, metaspace(prepend_scheme="first")), []),
        "metaspace_never": ("fused", pre(metaspace(prepend_scheme="never", split=False)) | {"decoder": metaspace(prepend_scheme="never")}, []),
        "llama2": ("fallback", {"normalizer": sequence("normalizers", {"type": "Prepend", "prepend": "\u2581"}, replace(" ", "\u2581"))} | LLAMA2 |
                   {"post_processor": BOS}, [token("<s>"), token("</s>"), token("<tool>", special=False)]),
        "some_bytes": ("some_bytes", LLAMA2, []),
        "gemma": ("fallback", {"normalizer": replace(" ", "\u2581"), "pre_tokenizer": split(" ", "MergedWithPrevious", kind="String"),
                               "decoder": sequence("decoders", replace("\u2581", " "), {"type": "ByteFallback"}, {"type": "Fuse"})}, []),
        "strip_start": ("fused", {"decoder": {"type": "Strip", "content": "l", "start": 2, "stop": 0}}, []),
        "strip_stop": ("fused", {"decoder": {"type": "Strip", "content": "o", "start": 0, "stop": 1}}, []),
        "fused_strip": ("fused", {"decoder": sequence("decoders", {"type": "Fuse"}, {"type": "Strip", "content": "a", "start": 3, "stop": 0})}, []),
        "fuse_replace": ("fallback", {"decoder": sequence("decoders", {"type": "ByteFallback"}, {"type": "Fuse"}, replace("l+o", "L", "Regex"))}, []),
        "replace_tokens": ("fused", {"decoder": replace("[eo]", "_", "Regex")}, []),
        "template": ("byte", pre(byte_level()) | BYTE_DECODER | {"post_processor": sequence("processors", byte_level(), BOS)},
                     [token("<s>"), token("</s>")]),
        "added_flags": ("byte", pre(byte_level()) | BYTE_DECODER,
                        [token("<mask>", lstrip=True), token("<tool>", special=False, rstrip=True), token("cat", special=False, single_word=True),
                         token("cats", special=False)]),
        "added_both": ("byte", pre(byte_level()) | BYTE_DECODER, [token("<mask>", lstrip=True, rstrip=True), token("<s>", rstrip=True, lstrip=True)]),
        "added_normalized": ("byte", pre(byte_level()) | BYTE_DECODER | {"normalizer": {"type": "Lowercase"}},
                             [token("HELLO", special=False, normalized=True), token("World", special=False), token("cat", normalized=True)]),
        "added_longest": ("byte", pre(byte_level()) | BYTE_DECODER, [token("a", special=False), token("aa", special=False), token("<s>Hello"), token("<s>")]),
        "regex_removed": ("byte", pre(split(r"\s+", "Removed"), byte_level(use_regex=False)) | BYTE_DECODER, []),
        "normalizer_removes": ("fused", {"normalizer": replace(r"^\s+|[Hx]", "", "Regex")} | pre(metaspace(prepend_scheme="first")), []),
    }
    for form in ("NFC", "NFD", "NFKC", "NFKD", "Lowercase"):
        cases["normalizer_" + form.lower()] = ("byte", pre(byte_level()) | BYTE_DECODER | {"normalizer": {"type": form}}, [])
    for behavior in ("Isolated", "Removed", "MergedWithPrevious", "MergedWithNext", "Contiguous"):
        for invert in (False, True):
            name = f"split_{behavior.lower()}{'_invert' if invert else ''}"
            cases[name] = ("byte", pre(split(r"[elo]", behavior, invert), byte_level(use_regex=False)) | BYTE_DECODER, [])
            cases[name + "_string"] = ("byte", pre(split("l", behavior, invert, "String"), byte_level(use_regex=False)) | BYTE_DECODER, [])
    return cases


def main():
    all_models = make_models()
    cases = []
    for name, (model, parts, added) in make_cases().items():
        vocab, numbered = all_models[model]["vocab"], []
        for t in added:
            fresh = sum(1 for n in numbered if n["content"] not in vocab)
            numbered.append({"id": vocab.get(t["content"], len(vocab) + fresh)} | t)
        parts = {"version": "1.0"} | parts | {"added_tokens": numbered}
        ids = {t["content"]: t["id"] for t in parts["added_tokens"]}
        text = json.dumps(parts | {"model": all_models[model]})
        if "<s>" in ids and "</s>" in ids:
            special = {s: {"id": s, "ids": [ids[s]], "tokens": [s]} for s in ("<s>", "</s>")}
            text = json.dumps(json.loads(json.dumps(parts), object_hook=lambda o: o | {"special_tokens": special} if o.get("type") == "TemplateProcessing" else o)
                              | {"model": all_models[model]})
        whole = {key: None for key in ("normalizer", "pre_tokenizer", "post_processor", "decoder")} | json.loads(text)
        tokenizer = Tokenizer.from_str(json.dumps(whole))
        answers = []
        for item in TEXTS:
            plain = tokenizer.encode(item, add_special_tokens=False).ids
            special = tokenizer.encode(item, add_special_tokens=True).ids
            answers.append([plain, special, tokenizer.decode(special, skip_special_tokens=False), tokenizer.decode(special, skip_special_tokens=True)])
        cases.append({"name": name, "model": model, "parts": {k: v for k, v in whole.items() if k != "model"}, "answers": answers})
    out = ['{"texts": ' + json.dumps(TEXTS), ' "models": ' + json.dumps(all_models), ' "cases": [' + ",\n  ".join(map(json.dumps, cases)) + "]}"]
    sys.stdout.write(",\n".join(out) + "\n")


if __name__ == "__main__":
    main()
