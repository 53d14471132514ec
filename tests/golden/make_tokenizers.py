#!/usr/bin/env python3
"""Makes tokenizers.json, the answers of the `tokenizers` package (0.23.3) to small tokenizers of every kind that hone reads. Needs
sentencepiece (0.2) too, for tables of replacements. scripts/check_tokenizers.py tries the same tokenizers on many more texts.

  make_tokenizers.py > tokenizers.json

{"texts": [text], "models": {name: model}, "cases": [{"name", "model", "parts": {..}, "answers": [[ids, ids with special tokens,
decoded, decoded without special tokens]]}]}: a case's tokenizer.json is its parts and its model.
"""
import base64
import io
import json
import sys

import sentencepiece
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

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


def field(message, wanted):
    """The last value of a length-delimited field in a protobuf message."""
    at, found = 0, b""

    def varint():
        nonlocal at
        value, shift = 0, 0
        while True:
            byte = message[at]
            at += 1
            value, shift = value | (byte & 0x7F) << shift, shift + 7
            if byte < 0x80:
                return value

    while at < len(message):
        key = varint()
        size = {0: None, 1: 8, 5: 4}.get(key & 7, -1)
        if size is None:
            varint()
            continue
        size = varint() if size < 0 else size
        if key >> 3 == wanted:
            found = message[at:at + size]
        at += size
    return found


def charsmap(**options):
    """What SentencePiece compiles a table of replacements to, in base64."""
    out = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(sentence_iterator=iter(["the quick brown fox"] * 50), model_writer=out, vocab_size=22,
                                             hard_vocab_limit=False, minloglevel=2, **options)
    return base64.b64encode(field(field(out.getvalue(), 3), 2)).decode()  # ModelProto.normalizer_spec.precompiled_charsmap


SMALL_CHARSMAP = """41\t61
42\t62
FB01\t66 69
C9\t65
65 301\t65 27
E9\t65
3000\t20
A0\t20
D A\tA
65 200D\t45
2167\t56 49 49 49
AD\t
"""


def train_unigram(size, **options):
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.train_from_iterator(TRAIN, trainers.UnigramTrainer(vocab_size=size, unk_token="<unk>", special_tokens=["<unk>", "<s>", "</s>"],
                                                                 show_progress=False))
    return json.loads(tokenizer.to_str())["model"] | options


def train_words(size, **options):
    """BPE with marks at the ends or beginnings of words."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", **options))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.train_from_iterator(TRAIN, trainers.BpeTrainer(vocab_size=size, special_tokens=["<unk>"], show_progress=False, **options))
    return json.loads(tokenizer.to_str())["model"]


def make_models():
    byte = train(sorted(pre_tokenizers.ByteLevel.alphabet()), 330, pre_tokenizers.ByteLevel(add_prefix_space=False))
    char = train(list("\u2581abcdefghijklmnopqrstuvwxyzHWT0123456789,.!?'"), 160, pre_tokenizers.Metaspace())
    # A vocabulary with an unknown token, and one with byte tokens as well.
    unknown = char | {"vocab": char["vocab"] | {"<unk>": len(char["vocab"])}, "unk_token": "<unk>"}
    size = len(unknown["vocab"])
    fallback = unknown | {"vocab": unknown["vocab"] | {f"<0x{b:02X}>": size + b for b in range(256)}, "byte_fallback": True, "fuse_unk": True}
    some_bytes = unknown | {"vocab": unknown["vocab"] | {f"<0x{b:02X}>": size + b for b in range(0xC4)}, "byte_fallback": True, "fuse_unk": True}
    unigram = train_unigram(150)
    unigram_bytes = unigram | {"vocab": unigram["vocab"] + [[f"<0x{b:02X}>", -20.0] for b in range(256)], "byte_fallback": True}
    # Many ways with equal sums; scores with 17 digits; a token that the unknown one is part of; a text twice; an empty one.
    ties = {"type": "Unigram", "unk_id": 0, "byte_fallback": False, "vocab": [
        ["<unk>", 0.0], ["a", -3.4958908557891846], ["aa", -6.991781711578369], ["aaa", -10.487672567367554], ["l", -1.1], ["o", -1.3], ["lo", -2.4], ["ll", -2.2],
        ["llo", -3.5000000000000004], ["\u4f60\u597d", -50], ["e", -2], ["the", -3.25], ["th", -2.25], ["t", -1.0], ["h", -1.25], ["he", -2.25], ["the", -7],
        ["", -1], [" ", -2.5], ["  ", -5.0]]}
    suffix = train_words(150, end_of_word_suffix="</w>")
    return {"unigram": unigram, "unigram_bytes": unigram_bytes, "ties": ties, "suffix": suffix, "prefix": train_words(150, continuing_subword_prefix="##"),
            "suffix_fused": suffix | {"fuse_unk": True}, "late_unknown": char | {"unk_token": "l"}, "byte": byte, "byte_whole": byte | {"ignore_merges": True, "vocab": byte["vocab"] | {"\u0120concat": len(byte["vocab"])}}, "char": char,
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


def unusual_cases(small):
    """Parts that no known tokenizer puts together."""
    table = {"type": "Precompiled", "precompiled_charsmap": small}
    words = {"decoder": {"type": "BPEDecoder", "suffix": "</w>"}}
    spaces = replace("\u2581", " ")
    return {
        "unusual_accents": ("byte", {"normalizer": sequence("normalizers", {"type": "NFKD"}, {"type": "StripAccents"}, replace(r"(\p{L})\1+", "x", "Regex"),
                                                            {"type": "Prepend", "prepend": "_"}, {"type": "Lowercase"})} | pre(byte_level()) | BYTE_DECODER,
                            [token("<s>"), token("Lo", special=False, normalized=True, lstrip=True)]),
        "unusual_scripts": ("suffix", {"normalizer": sequence("normalizers", {"type": "Nmt"}, replace("a", "bb"), {"type": "Strip", "strip_left": True, "strip_right": False})} |
                            pre({"type": "UnicodeScripts"}, {"type": "Digits", "individual_digits": True}) | words,
                            [token("<s>"), token("ab", special=False, single_word=True), token("abc", special=False, normalized=True)]),
        "unusual_pieces": ("byte", pre(split(r"[[:punct:]]", "MergedWithPrevious"), split(r"\p{Emoji}", "Contiguous", True), byte_level(add_prefix_space=True, use_regex=False)) |
                           BYTE_DECODER, [token("<s>"), token("<s>a", special=False), token(" <s>", special=False)]),
        "unusual_delimiter": ("byte", pre({"type": "CharDelimiterSplit", "delimiter": "e"}, {"type": "Punctuation", "behavior": "MergedWithNext"}, byte_level()) | BYTE_DECODER,
                              [token("\u00e9", special=False), token("e\u0301", special=False, normalized=True), token("\n\n", lstrip=True)]),
        "unusual_unigram": ("unigram_bytes", {"normalizer": sequence("normalizers", table, {"type": "NFKC"})} | pre(metaspace(prepend_scheme="first")) |
                            {"decoder": sequence("decoders", spaces, {"type": "ByteFallback"}, {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0})},
                            [token("<s>"), token("<tool>", single_word=True)]),
        "unusual_ctc": ("unigram", pre({"type": "WhitespaceSplit"}, metaspace()) |
                        {"decoder": sequence("decoders", metaspace(), {"type": "CTC", "pad_token": "l", "word_delimiter_token": "o", "cleanup": True})}, []),
        "unusual_overlaps": ("suffix_fused", {"normalizer": sequence("normalizers", {"type": "Lowercase"}, {"type": "StripAccents"})} | pre(split(r"\w+|\W")) |
                             {"decoder": sequence("decoders", words["decoder"], {"type": "Fuse"}, replace("l+", "L", "Regex"))},
                             [token("he", special=False), token("hel", special=False), token("hello")]),
        "unusual_chain": ("byte", {"normalizer": sequence("normalizers", replace("(?i)hello", "bye", "Regex"), replace(r"\R", "\n", "Regex"), {"type": "NFD"},
                                                          replace("[[:cntrl:]]", "", "Regex"))} |
                          pre(split(r"\X", "MergedWithPrevious", True), byte_level(use_regex=False)) | BYTE_DECODER,
                          [token("bye", special=False, normalized=True), token("Hello", special=False)]),
    }


def make_cases(small):
    """small: the table of replacements."""
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
        "t5": ("unigram", {"normalizer": sequence("normalizers", {"type": "Precompiled", "precompiled_charsmap": small}, replace(" {2,}", " ", "Regex"))} |
               pre({"type": "WhitespaceSplit"}, metaspace()) | {"decoder": metaspace(), "post_processor": BOS}, [token("<s>"), token("</s>"), token("<tool>")]),
        "xlnet": ("unigram", {"normalizer": sequence("normalizers", replace("``", '"'), {"type": "NFKD"}, {"type": "StripAccents"}, {"type": "Lowercase"})} |
                  pre(metaspace(prepend_scheme="first")) | {"decoder": metaspace(prepend_scheme="first")}, [token("<s>")]),
        "unigram_whole": ("unigram_bytes", pre(metaspace(split=False)) | LLAMA2, []),
        "unigram_byte_level": ("unigram", pre(byte_level()), []),
        "ties": ("ties", {}, []),
        "ties_words": ("ties", pre({"type": "WhitespaceSplit"}), []),
        "end_of_word": ("suffix", pre({"type": "WhitespaceSplit"}) | {"decoder": {"type": "BPEDecoder", "suffix": "</w>"}}, []),
        "end_of_word_fused": ("suffix_fused", pre({"type": "BertPreTokenizer"}) | {"decoder": {"type": "BPEDecoder", "suffix": "</w>"}}, [token("<tool>")]),
        "continuing": ("prefix", pre({"type": "WhitespaceSplit"}) | {"decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True}}, []),
        "continuing_raw": ("prefix", pre({"type": "Whitespace"}) | {"decoder": {"type": "WordPiece", "prefix": "##", "cleanup": False}}, []),
        "clip": ("suffix", {"normalizer": sequence("normalizers", {"type": "NFC"}, replace(r"\s+", " ", "Regex"), {"type": "Lowercase"}),
                            "post_processor": {"type": "RobertaProcessing", "sep": ["</s>", 2], "cls": ["<s>", 1], "trim_offsets": False,
                                               "add_prefix_space": False}} |
                 pre(split(r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+", "Removed", True), byte_level()) | BYTE_DECODER, []),
        "bert": ("suffix", {"normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None, "lowercase": True},
                            "post_processor": {"type": "BertProcessing", "sep": ["</s>", 2], "cls": ["<s>", 1]}} | pre({"type": "BertPreTokenizer"}), []),
        "bert_cased": ("suffix", {"normalizer": {"type": "BertNormalizer", "clean_text": False, "handle_chinese_chars": True, "strip_accents": True,
                                                 "lowercase": False}} | pre({"type": "BertPreTokenizer"}), []),
        "ctc": ("fused", {"decoder": {"type": "CTC", "pad_token": "e", "word_delimiter_token": "l", "cleanup": True}}, []),
        "ctc_raw": ("fused", {"decoder": {"type": "CTC", "pad_token": "<unk>", "word_delimiter_token": "l", "cleanup": False}}, []),
        "nmt": ("suffix", {"normalizer": {"type": "Nmt"}} | pre({"type": "WhitespaceSplit"}), []),
        "strip_accents": ("suffix", {"normalizer": sequence("normalizers", {"type": "NFKD"}, {"type": "StripAccents"})} | pre({"type": "WhitespaceSplit"}), []),
        "strip_both": ("fused", {"normalizer": {"type": "Strip", "strip_left": True, "strip_right": True}} | pre(metaspace(prepend_scheme="first")), [token("<tool>")]),
        "strip_right": ("fused", {"normalizer": {"type": "Strip", "strip_left": False, "strip_right": True}}, [token("<tool>")]),
        "byte_level_normalizer": ("byte", {"normalizer": {"type": "ByteLevel"}} | BYTE_DECODER, [token("<tool>", special=False, normalized=True)]),
        "scripts": ("suffix", pre({"type": "UnicodeScripts"}), []),
        "scripts_words": ("suffix", pre({"type": "WhitespaceSplit"}, {"type": "UnicodeScripts"}), []),
        "fixed": ("suffix", pre({"type": "FixedLength", "length": 3}), []),
        "fixed_default": ("suffix", pre({"type": "FixedLength"}), []),
        "delimiter": ("suffix", pre({"type": "CharDelimiterSplit", "delimiter": "l"}), []),
        "bloom": ("byte", pre(split(r" ?[^(\s|[.,!?\u2026\u3002\uff0c\u3001\u0964\u06d4\u060c])]+"), byte_level(use_regex=False)) | BYTE_DECODER, []),
        "kimi": ("byte", pre(split(r"[\p{Han}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]*[\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]+|"
                                   r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s+(?!\S)|\s+"),
                             byte_level(use_regex=False)) | BYTE_DECODER, []),
        "cl100k": ("byte", pre(split(r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s"),
                               byte_level(use_regex=False)) | BYTE_DECODER, []),
        "classes": ("byte", pre(split(r"[^[a-z]\d]|[x-z&&[^y]]|[\P{L}&&\S]|[^\p{L}&&[^lo]]|(?:he){1}?|l{1,2}*|\h"), byte_level(use_regex=False)) | BYTE_DECODER, []),
        "boundaries": ("byte", pre(split(r"\b|(?<=l)\B"), byte_level(use_regex=False)) | BYTE_DECODER, []),
        "options": ("byte", pre(split(r"(?i)HELLO|(?m:e.)|(?:(?i)WORLD|x)|t|(?-i)HE"), byte_level(use_regex=False)) | BYTE_DECODER, []),
        "limits": ("fused", {"truncation": {"direction": "Right", "max_length": 100000, "strategy": "LongestFirst", "stride": 0},
                             "padding": None}, []),
        "regex_removed": ("byte", pre(split(r"\s+", "Removed"), byte_level(use_regex=False)) | BYTE_DECODER, []),
        "normalizer_removes": ("fused", {"normalizer": replace(r"^\s+|[Hx]", "", "Regex")} | pre(metaspace(prepend_scheme="first")), []),
    }
    cases |= unusual_cases(small)
    for form in ("NFC", "NFD", "NFKC", "NFKD", "Lowercase"):
        cases["normalizer_" + form.lower()] = ("byte", pre(byte_level()) | BYTE_DECODER | {"normalizer": {"type": form}}, [])
    for behavior in ("Isolated", "Removed", "MergedWithPrevious", "MergedWithNext", "Contiguous"):
        for invert in (False, True):
            name = f"split_{behavior.lower()}{'_invert' if invert else ''}"
            cases[name] = ("byte", pre(split(r"[elo]", behavior, invert), byte_level(use_regex=False)) | BYTE_DECODER, [])
            cases[name + "_string"] = ("byte", pre(split("l", behavior, invert, "String"), byte_level(use_regex=False)) | BYTE_DECODER, [])
    return cases


def assemble(all_models, model, parts, added):
    """A whole tokenizer.json."""
    vocab = all_models[model]["vocab"]
    vocab = vocab if isinstance(vocab, dict) else {token: i for i, (token, _) in enumerate(vocab)}
    size, numbered = len(all_models[model]["vocab"]), []
    for t in added:
        fresh = sum(1 for n in numbered if n["content"] not in vocab)
        numbered.append({"id": vocab.get(t["content"], size + fresh)} | t)
    whole = {key: None for key in ("truncation", "padding", "normalizer", "pre_tokenizer", "post_processor", "decoder")}
    whole |= {"version": "1.0"} | parts | {"added_tokens": numbered, "model": all_models[model]}
    ids = {t["content"]: t["id"] for t in numbered}
    special = {s: {"id": s, "ids": [ids[s]], "tokens": [s]} for s in ("<s>", "</s>") if s in ids}
    fill = lambda o: o | {"special_tokens": special} if o.get("type") == "TemplateProcessing" else o
    return whole | json.loads(json.dumps({"post_processor": whole["post_processor"]}), object_hook=fill)


def small_charsmap():
    with open("/tmp/hone_charsmap.tsv", "w", encoding="utf-8") as out:
        out.write(SMALL_CHARSMAP)
    return charsmap(normalization_rule_tsv="/tmp/hone_charsmap.tsv")


def main():
    all_models = make_models()
    cases = []
    for name, (model, parts, added) in make_cases(small_charsmap()).items():
        whole = assemble(all_models, model, parts, added)
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
