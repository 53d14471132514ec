#!/usr/bin/env python3
"""Compares hone with transformers 5.23 (float32) on random folders of every architecture, three shapes and more of each: the
log-probabilities of `hone logprobs`; with --tests also every gradient, and that what hone saves is loaded by transformers without a
warning, every tensor equal. Run by hand; needs torch 2.11.0 and transformers 5.23.0.
usage: scripts/check_models.py [--hone build/release/hone] [--tests build/release/hone_rl_tests] [--out DIR] [NAME...]"""
import argparse, json, os, subprocess, sys, tempfile
import torch
from transformers import AutoModelForCausalLM
from transformers.utils import logging
from golden_models import write_folder

common = dict(vocab_size=1000, hidden_size=128, num_hidden_layers=3, num_attention_heads=8, intermediate_size=160, max_position_embeddings=512,
              eos_token_id=1, bos_token_id=None, pad_token_id=None)
odd = dict(common, vocab_size=517, hidden_size=105, num_hidden_layers=2, num_attention_heads=5, intermediate_size=77)  # no multiple of anything
wide = dict(common, hidden_size=320, num_hidden_layers=4, num_attention_heads=10, intermediate_size=400, rms_norm_eps=1e-5)


def rope(kind, **own): return dict(rope_parameters=dict(rope_type=kind, rope_theta=own.pop("rope_theta", 10000.0), **own))


linear, dynamic = rope("linear", factor=3.0), rope("dynamic", factor=2.0)
yarn = rope("yarn", factor=8.0, original_max_position_embeddings=64)
llama3 = rope("llama3", rope_theta=500000.0, factor=8.0, original_max_position_embeddings=64, low_freq_factor=1.0, high_freq_factor=4.0)
deep_yarn = rope("yarn", factor=8.0, original_max_position_embeddings=64, mscale=0.707, mscale_all_dim=0.9, beta_fast=16, beta_slow=2)
moe = dict(num_experts_per_tok=3, moe_intermediate_size=48)
latent = dict(kv_lora_rank=64, qk_nope_head_dim=32, qk_rope_head_dim=16, v_head_dim=24, moe_intermediate_size=48, num_experts_per_tok=4)
cases = {
    "llama_0": ("llama", common, dict(num_key_value_heads=2)),
    "llama_bias_llama3": ("llama", wide, dict(num_key_value_heads=5, attention_bias=True, mlp_bias=True, tie_word_embeddings=True, **llama3)),
    "llama_odd_linear": ("llama", odd, dict(num_key_value_heads=1, head_dim=22, **linear)),
    "llama_dynamic": ("llama", common, dict(num_key_value_heads=8, **dynamic)),
    "llama_old_spelling": ("llama", common, dict(num_key_value_heads=2, rope_theta=50000.0, rope_scaling=dict(type="linear", factor=2.0))),
    "mistral_window": ("mistral", common, dict(num_key_value_heads=2, sliding_window=50)),
    "mistral_odd": ("mistral", odd, dict(num_key_value_heads=5, head_dim=20, sliding_window=7)),
    "mistral_none": ("mistral", wide, dict(num_key_value_heads=1, sliding_window=None)),
    "qwen2_0": ("qwen2", common, dict(num_key_value_heads=2)),
    "qwen2_window": ("qwen2", wide, dict(num_key_value_heads=5, use_sliding_window=True, sliding_window=33, max_window_layers=2, tie_word_embeddings=True)),
    "qwen2_odd_yarn": ("qwen2", odd, dict(num_key_value_heads=1, head_dim=18, **yarn)),
    "qwen3_0": ("qwen3", common, dict(num_key_value_heads=2, head_dim=32)),
    "qwen3_odd": ("qwen3", odd, dict(num_key_value_heads=5, head_dim=14, attention_bias=True)),
    "qwen3_yarn": ("qwen3", wide, dict(num_key_value_heads=2, head_dim=48, tie_word_embeddings=True, **yarn)),
    "mixtral_0": ("mixtral", common, dict(num_key_value_heads=2, num_local_experts=8, num_experts_per_tok=2)),
    "mixtral_odd": ("mixtral", odd, dict(num_key_value_heads=1, head_dim=22, num_local_experts=5, num_experts_per_tok=3, sliding_window=40)),
    "mixtral_wide": ("mixtral", wide, dict(num_key_value_heads=5, num_local_experts=4, num_experts_per_tok=1)),
    "qwen2_moe_0": ("qwen2_moe", common, dict(num_key_value_heads=2, num_experts=16, shared_expert_intermediate_size=64, norm_topk_prob=True, **moe)),
    "qwen2_moe_odd": ("qwen2_moe", odd, dict(num_key_value_heads=5, head_dim=20, num_experts=7, shared_expert_intermediate_size=33, decoder_sparse_step=2, qkv_bias=False, **moe)),
    "qwen2_moe_window": ("qwen2_moe", wide, dict(num_key_value_heads=1, num_experts=12, shared_expert_intermediate_size=80, mlp_only_layers=[2],
                                                  use_sliding_window=True, sliding_window=21, max_window_layers=3, **moe)),
    "qwen3_moe_0": ("qwen3_moe", common, dict(num_key_value_heads=2, head_dim=32, num_experts=16, norm_topk_prob=True, **moe)),
    "qwen3_moe_odd": ("qwen3_moe", odd, dict(num_key_value_heads=1, head_dim=22, num_experts=9, norm_topk_prob=False, mlp_only_layers=[1], **moe)),
    "qwen3_moe_window": ("qwen3_moe", wide, dict(num_key_value_heads=5, num_experts=12, decoder_sparse_step=2, attention_bias=True, use_sliding_window=True,
                                                  sliding_window=64, **yarn, **moe)),
    "olmoe_0": ("olmoe", common, dict(num_key_value_heads=8, num_experts=16, num_experts_per_tok=4)),
    # A value within rounding of the clip's edge has a gradient in one program and none in the other: at 2.5 few lie near (at 1.2 transformers'
    # own float32 and float64 gradients differed by 3e-3).
    "olmoe_clip": ("olmoe", wide, dict(num_key_value_heads=2, num_experts=8, num_experts_per_tok=2, clip_qkv=2.5, norm_topk_prob=True)),
    "olmoe_bias": ("olmoe", dict(odd, hidden_size=110), dict(num_key_value_heads=1, num_experts=6, num_experts_per_tok=3, attention_bias=True)),
    "deepseek_v2_0": ("deepseek_v2", common, dict(q_lora_rank=48, n_routed_experts=16, n_shared_experts=2, n_group=4, topk_group=2, routed_scaling_factor=16.0,
                                                  topk_method="group_limited_greedy", first_k_dense_replace=1, **latent, **deep_yarn)),
    "deepseek_v2_lite": ("deepseek_v2", wide, dict(q_lora_rank=None, n_routed_experts=12, n_shared_experts=1, topk_method="greedy", first_k_dense_replace=1, **latent)),
    "deepseek_v2_odd": ("deepseek_v2", odd, dict(q_lora_rank=13, n_routed_experts=9, n_shared_experts=3, n_group=3, topk_group=2, topk_method="group_limited_greedy",
                                                 first_k_dense_replace=0, **dict(latent, kv_lora_rank=22, v_head_dim=11, qk_nope_head_dim=14, qk_rope_head_dim=10))),
    "deepseek_v3_0": ("deepseek_v3", common, dict(q_lora_rank=48, n_routed_experts=16, n_shared_experts=1, n_group=4, topk_group=2, first_k_dense_replace=1, **latent,
                                                  **deep_yarn)),
    "deepseek_v3_plain": ("deepseek_v3", wide, dict(q_lora_rank=None, n_routed_experts=12, n_shared_experts=2, n_group=1, topk_group=1, norm_topk_prob=False,
                                                    rope_interleave=False, first_k_dense_replace=0, **latent)),
    "deepseek_v3_odd": ("deepseek_v3", odd, dict(q_lora_rank=13, n_routed_experts=9, n_shared_experts=3, n_group=3, topk_group=2, first_k_dense_replace=1,
                                                 tie_word_embeddings=True, **dict(latent, kv_lora_rank=23, v_head_dim=11, qk_nope_head_dim=9, qk_rope_head_dim=10))),
    "gpt_oss_0": ("gpt_oss", common, dict(num_key_value_heads=2, head_dim=32, num_local_experts=8, num_experts_per_tok=4, sliding_window=128)),
    "gpt_oss_odd": ("gpt_oss", odd, dict(num_key_value_heads=1, head_dim=22, num_local_experts=5, num_experts_per_tok=2, sliding_window=11,
                                         layer_types=["full_attention", "sliding_attention"], swiglu_limit=1.0, **rope("default"))),
    "gpt_oss_wide": ("gpt_oss", wide, dict(num_key_value_heads=5, head_dim=16, num_local_experts=12, num_experts_per_tok=3, sliding_window=32, attention_bias=False,
                                           **rope("yarn", rope_theta=150000.0, factor=8.0, original_max_position_embeddings=64, truncate=False))),
}


# hone opens a folder with its tokenizer; the ids come from expected.json.
tokenizer = dict(version="1.0", added_tokens=[], model=dict(type="BPE", vocab={"a": 0, "b": 1}, merges=[]))


def logprob_difference(hone, folder):
    with open(os.path.join(folder, "tokenizer.json"), "w") as f: json.dump(tokenizer, f)
    expected = json.load(open(os.path.join(folder, "expected.json")))
    lines = "".join(json.dumps({"ids": ids}) + "\n" for ids in expected["ids"])
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as f:
        f.write(lines), f.flush()
        out = subprocess.run([hone, "logprobs", folder, "--input", f.name], capture_output=True, text=True, check=True).stdout
    got = [json.loads(line)["logprobs"] for line in out.splitlines()]
    return max(abs(a - b) for g, e in zip(got, expected["logprobs"]) for a, b in zip(g[1:], e))


class Warnings(list):
    def __enter__(self):
        import logging as std
        self.handler = std.Handler()
        self.handler.emit = lambda record: self.append(record.getMessage()) if record.levelno >= std.WARNING else None
        std.getLogger("transformers").addHandler(self.handler)
        return self

    def __exit__(self, *_):
        import logging as std
        std.getLogger("transformers").removeHandler(self.handler)


def check_saved(folder, saved):
    """Loads what hone saved beside the folder; returns what is wrong with it."""
    with Warnings() as warnings:
        model, info = AutoModelForCausalLM.from_pretrained(os.path.join(folder, saved), output_loading_info=True)
    original = AutoModelForCausalLM.from_pretrained(folder)
    ours, theirs = model.state_dict(), original.state_dict()
    unequal = [n for n in ours.keys() | theirs.keys() if n not in ours or n not in theirs or not torch.equal(ours[n], theirs[n])]
    return warnings + unequal + [f"{k}: {v}" for k, v in info.items() if v]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hone", default="build/release/hone")
    parser.add_argument("--tests")
    parser.add_argument("--out")
    parser.add_argument("names", nargs="*")
    a = parser.parse_args()
    root = a.out or tempfile.mkdtemp(prefix="hone_models_")
    worst, faults = 0, 0
    for name in a.names or cases:
        model_type, base, own = cases[name]
        folder = os.path.join(root, name)
        options = dict(base, **own)
        if model_type.startswith("deepseek"): options["num_key_value_heads"] = options["num_attention_heads"]  # their default is 128
        write_folder(folder, model_type, options, tokens=300, sequences=2, gain=4.0)
        difference = logprob_difference(a.hone, folder)
        worst = max(worst, difference)
        print(f"  log-probabilities differ by {difference:.2e}", flush=True)
    print(f"largest difference of a log-probability: {worst:.2e} ({len(a.names or cases)} folders)")
    if a.tests:
        tests = subprocess.run([a.tests, "--gtest_filter=*GoldenModels.Logprobs*:*GoldenModels.Gradients*:*GoldenModels.What*", "--gtest_brief=1"],
                               env=dict(os.environ, HONE_GOLDEN_MODELS=root))
        faults += tests.returncode != 0
        for name in a.names or cases:
            for saved in ("saved", "sharded"):
                wrong = check_saved(os.path.join(root, name), saved)
                print(f"{name} {saved}: {wrong or 'loaded by transformers without a warning, all tensors equal'}", flush=True)
                faults += bool(wrong)
    sys.exit(worst > 1e-4 or faults)


if __name__ == "__main__": main()
