#!/usr/bin/env python3
"""Writes tests/golden/models/: a tiny random Hugging Face folder of every architecture, by transformers, with the log-probabilities that
transformers computes in float32 and the gradients' norms. Made with torch 2.11.0 and transformers 5.23.0; run again only to add to it.
usage: scripts/make_golden_models.py"""
import json, os
import torch
from transformers import AutoConfig, AutoModelForCausalLM

root = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "tests", "golden", "models")
common = dict(vocab_size=83, hidden_size=48, num_hidden_layers=3, num_attention_heads=6, intermediate_size=56, max_position_embeddings=128,
              rms_norm_eps=1e-6, eos_token_id=1, bos_token_id=None)
architectures = {
    "qwen2": dict(num_key_value_heads=2, tie_word_embeddings=False),
    "qwen2_tied_bf16": dict(num_key_value_heads=3, tie_word_embeddings=True),
    "qwen3": dict(num_key_value_heads=3, head_dim=12, tie_word_embeddings=False),
    "deepseek_v3": dict(num_key_value_heads=6, q_lora_rank=20, kv_lora_rank=16, qk_nope_head_dim=10, qk_rope_head_dim=6, v_head_dim=8, n_routed_experts=8,
                        n_shared_experts=1, num_experts_per_tok=3, moe_intermediate_size=20, n_group=4, topk_group=2, first_k_dense_replace=1,
                        routed_scaling_factor=2.5, tie_word_embeddings=False),
    "deepseek_v3_plain": dict(num_key_value_heads=6, q_lora_rank=None, kv_lora_rank=16, qk_nope_head_dim=10, qk_rope_head_dim=6, v_head_dim=12,
                              n_routed_experts=4, n_shared_experts=2, num_experts_per_tok=2, moe_intermediate_size=20, n_group=1, topk_group=1,
                              first_k_dense_replace=0, routed_scaling_factor=1.0, norm_topk_prob=False, rope_interleave=False, tie_word_embeddings=True),
}
for name, options in architectures.items():
    torch.manual_seed(0)
    dtype = torch.bfloat16 if name.endswith("bf16") else torch.float32
    config = AutoConfig.for_model(name.split("_tied")[0].split("_plain")[0], **common, **options)
    model = AutoModelForCausalLM.from_config(config)
    with torch.no_grad():  # lively weights, so that a wrong port can't hide
        for n, p in list(model.named_parameters()) + list(model.named_buffers()):
            if not p.is_floating_point(): continue
            if p.dim() >= 2: p.mul_(10.0)
            if n.endswith("norm.weight"): p.normal_(1, 0.1)
            if n.endswith("bias"): p.normal_(0, 0.05)
    folder = os.path.join(root, name)
    model.to(dtype).save_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    ids = torch.randint(0, 83, (3, 70))
    logprobs = torch.log_softmax(model(ids).logits, -1)[:, :-1].gather(2, ids[:, 1:, None])[..., 0]
    (-logprobs[:, 20:].sum()).backward()
    norms = {n: p.grad.norm().item() for n, p in model.named_parameters() if p.grad is not None and "experts." not in n}
    expected = {"ids": ids.tolist(), "logprobs": logprobs.tolist(), "first_trained": 21, "gradient_norms": norms}
    with open(os.path.join(folder, "expected.json"), "w") as f: json.dump(expected, f)
    for extra in ("generation_config.json",):
        if os.path.exists(os.path.join(folder, extra)): os.remove(os.path.join(folder, extra))
    print(name, sum(p.numel() for p in model.parameters()))
