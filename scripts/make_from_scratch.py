#!/usr/bin/env python3
"""Writes tests/golden/from_scratch.json: for a config of every architecture, how transformers initialises each tensor of the folder that
it saves (normal with which deviation, 0 or 1; the padding id's row), and its counts of parameters and of cache. Made with torch 2.11.0
and transformers 5.23.0.
usage: scripts/make_from_scratch.py"""
import json, math, os, tempfile
import torch
from safetensors.torch import load_file
from transformers import AutoConfig, AutoModelForCausalLM

common = dict(vocab_size=211, hidden_size=64, num_hidden_layers=3, num_attention_heads=4, num_key_value_heads=2, intermediate_size=96,
              max_position_embeddings=64, initializer_range=0.05, pad_token_id=5, bos_token_id=None, eos_token_id=None)
moe = dict(num_experts=6, num_experts_per_tok=2, moe_intermediate_size=40)
latent = dict(num_key_value_heads=4, kv_lora_rank=32, qk_nope_head_dim=16, qk_rope_head_dim=8, v_head_dim=12, moe_intermediate_size=40,
              n_routed_experts=8, num_experts_per_tok=3, n_shared_experts=2, first_k_dense_replace=1, n_group=4, topk_group=2)
configs = {
    "llama": dict(attention_bias=True, mlp_bias=True),
    "mistral": dict(head_dim=20),
    "qwen2": dict(tie_word_embeddings=True),
    "qwen3": dict(head_dim=24, attention_bias=True, pad_token_id=None),
    "mixtral": dict(num_local_experts=6, num_experts_per_tok=2),
    "qwen2_moe": dict(shared_expert_intermediate_size=56, decoder_sparse_step=2, **moe),
    "qwen3_moe": dict(head_dim=24, mlp_only_layers=[0], **moe),
    "olmoe": dict(num_experts=6, num_experts_per_tok=2),
    "deepseek_v2": dict(q_lora_rank=None, topk_method="group_limited_greedy", **latent),
    "deepseek_v3": dict(q_lora_rank=48, **latent),
    "gpt_oss": dict(head_dim=24, num_local_experts=6, num_experts_per_tok=2)}


def kind_of(name, tensor, std, pad):
    """0 or 1 for a constant, else the deviation of a normal, which the figures must bear out."""
    if pad is not None and name == "model.embed_tokens.weight":
        assert (tensor[pad] == 0).all(), name
        tensor = torch.cat([tensor[:pad], tensor[pad + 1:]])
    for constant in (0, 1):
        if (tensor == constant).all(): return constant
    n = tensor.numel()
    assert abs(tensor.mean()) < 5 * std / math.sqrt(n) and abs(tensor.std() - std) < 5 * std / math.sqrt(2 * n), (name, tensor.mean(), tensor.std())
    return std


def cache_bytes(model):
    """Of one token in float32, as transformers caches it."""
    out = model(torch.arange(10)[None], use_cache=True)
    return sum(t.numel() * t.element_size() for layer in out.past_key_values.layers for t in (layer.keys, layer.values)) // 10


def main():
    golden = {}
    for model_type, own in configs.items():
        torch.manual_seed(0)
        config = AutoConfig.for_model(model_type, **dict(common, **own))
        model = AutoModelForCausalLM.from_config(config, dtype=torch.float32)
        with tempfile.TemporaryDirectory() as folder:
            model.save_pretrained(folder)
            tensors = load_file(os.path.join(folder, "model.safetensors"))
            written = json.load(open(os.path.join(folder, "config.json")))
        total = sum(p.numel() for p in model.parameters()) + sum(b.numel() for n, b in model.named_buffers() if n.endswith("e_score_correction_bias"))
        routed = sum(p.numel() for n, p in model.named_parameters() if ".experts." in n)
        experts = getattr(config, "num_experts", None) or getattr(config, "num_local_experts", 1)
        golden[model_type] = dict(
            config=written, tensors={n: kind_of(n, t, config.initializer_range, config.pad_token_id) for n, t in sorted(tensors.items())},
            parameters=total, active_parameters=total - routed + routed // experts * getattr(config, "num_experts_per_tok", 1),
            cache_bytes_per_token=cache_bytes(model))
        print(model_type, golden[model_type]["parameters"], golden[model_type]["active_parameters"], golden[model_type]["cache_bytes_per_token"], flush=True)
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    with open(os.path.join(root, "tests", "golden", "from_scratch.json"), "w") as f: f.write(json.dumps(golden, indent=0) + "\n")


if __name__ == "__main__": main()
