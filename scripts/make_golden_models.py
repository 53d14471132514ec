#!/usr/bin/env python3
"""Writes tests/golden/models/: a tiny random Hugging Face folder of every architecture (golden_models.py says with what). Made with
torch 2.11.0 and transformers 5.23.0; run again only to add to it.
usage: scripts/make_golden_models.py [NAME...]"""
import os, sys
import torch
from golden_models import write_folder

root = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "tests", "golden", "models")
common = dict(vocab_size=41, hidden_size=18, num_hidden_layers=2, num_attention_heads=3, intermediate_size=14, max_position_embeddings=128,
              rms_norm_eps=1e-6, eos_token_id=1, bos_token_id=None, pad_token_id=None)
moe = dict(num_experts_per_tok=2, moe_intermediate_size=6)
mla = dict(num_key_value_heads=3, kv_lora_rank=12, qk_nope_head_dim=8, qk_rope_head_dim=6, v_head_dim=8, n_routed_experts=8, n_shared_experts=2)
yarn = dict(rope_type="yarn", rope_theta=10000.0, factor=4.0, original_max_position_embeddings=32)
folders = {
    "llama": ("llama", dict(num_key_value_heads=1, attention_bias=True, mlp_bias=True, tie_word_embeddings=True, rope_parameters=dict(
        rope_type="llama3", rope_theta=10000.0, factor=4.0, original_max_position_embeddings=32, low_freq_factor=1.0, high_freq_factor=4.0))),
    "mistral": ("mistral", dict(num_key_value_heads=3, head_dim=10, sliding_window=19)),
    "qwen2_window": ("qwen2", dict(num_key_value_heads=1, use_sliding_window=True, sliding_window=33, max_window_layers=1, rope_parameters=dict(
        rope_type="linear", rope_theta=10000.0, factor=2.0))),
    "mixtral": ("mixtral", dict(num_key_value_heads=1, num_local_experts=4, num_experts_per_tok=2, sliding_window=None)),
    "qwen2_moe": ("qwen2_moe", dict(num_key_value_heads=3, num_experts=5, shared_expert_intermediate_size=12, decoder_sparse_step=2, norm_topk_prob=False, **moe)),
    "qwen3_moe": ("qwen3_moe", dict(num_key_value_heads=1, head_dim=10, num_experts=5, norm_topk_prob=True, mlp_only_layers=[0], attention_bias=True, rope_parameters=yarn, **moe)),
    "olmoe": ("olmoe", dict(num_key_value_heads=3, num_experts=5, num_experts_per_tok=2, clip_qkv=1.5)),
    "deepseek_v2": ("deepseek_v2", dict(q_lora_rank=14, n_group=4, topk_group=2, topk_method="group_limited_greedy", first_k_dense_replace=1, routed_scaling_factor=3.0,
                                        rope_parameters=dict(yarn, mscale=0.707, mscale_all_dim=0.707), **mla, **moe)),
    "deepseek_v2_lite": ("deepseek_v2", dict(q_lora_rank=None, topk_method="greedy", first_k_dense_replace=0, **mla, **moe)),
    "deepseek_v3_yarn_bf16": ("deepseek_v3", dict(q_lora_rank=14, n_group=2, topk_group=1, first_k_dense_replace=1, routed_scaling_factor=2.5,
                                             rope_parameters=dict(yarn, mscale=1.0, mscale_all_dim=1.0), **mla, **moe)),
    "gpt_oss": ("gpt_oss", dict(num_key_value_heads=1, head_dim=10, num_local_experts=4, num_experts_per_tok=2, sliding_window=17, swiglu_limit=1.5, rope_parameters=dict(
        yarn, rope_theta=150000.0, truncate=False))),
    "gpt_oss_mxfp4": ("gpt_oss", dict(hidden_size=32, intermediate_size=32, num_attention_heads=2, num_key_value_heads=1, head_dim=10, num_local_experts=3,
                                      num_experts_per_tok=2, sliding_window=25)),
    "deepseek_v3_fp8": ("deepseek_v3", dict(q_lora_rank=14, n_group=2, topk_group=1, first_k_dense_replace=1, **mla, **moe)),
    "deepseek_v3_ue8m0": ("deepseek_v3", dict(q_lora_rank=None, n_group=2, topk_group=1, first_k_dense_replace=1, **mla, **moe)),
}
for name in sys.argv[1:] or folders:
    model_type, options = folders[name]
    write_folder(os.path.join(root, name), model_type, dict(common, **options), torch.bfloat16 if name.endswith("bf16") else torch.float32,
                 quantized=next((q for q in ("fp8", "ue8m0", "mxfp4") if name.endswith(q)), None))
