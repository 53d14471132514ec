"""Random Hugging Face folders by transformers, with what it computes for them: shared by make_golden_models.py and check_models.py.
Needs torch 2.11.0 and transformers 5.23.0."""
import json, os, shutil
import torch
import transformers
from safetensors.torch import load_file, save_file
from transformers import AutoConfig, AutoModelForCausalLM
from transformers.integrations.mxfp4 import FP4_VALUES, convert_moe_packed_tensors


transformers.utils.logging.disable_progress_bar()


def enliven(model, gain):
    """Lively weights, so that a wrong port can't hide."""
    with torch.no_grad():
        for n, p in list(model.named_parameters()) + list(model.named_buffers()):
            if not p.is_floating_point(): continue
            if p.dim() >= 2: p.mul_(gain)
            if n.endswith("norm.weight"): p.normal_(1, 0.1)
            if n.endswith("bias"): p.normal_(0, 0.05)
            if n.endswith("sinks"): p.normal_(0, 1)


def to_float8(weight, block):
    """float8 bytes and a scale a block, and what they stand for."""
    rows, columns = weight.shape
    blocks = [-(-rows // block[0]), -(-columns // block[1])]
    full = torch.zeros(blocks[0] * block[0], blocks[1] * block[1])
    full[:rows, :columns] = weight
    full = full.reshape(blocks[0], block[0], blocks[1], block[1])
    scale = full.abs().amax((1, 3)).clamp_min(1e-4) / 448
    stored = (full / scale[:, None, :, None]).to(torch.float8_e4m3fn)
    value = stored.float() * scale[:, None, :, None]
    cut = lambda t: t.reshape(blocks[0] * block[0], -1)[:rows, :columns].contiguous()
    return cut(stored), scale, cut(value)


def to_mxfp4(weight):
    """[E, K, N]: blocks [E, N, K / 32, 16], scales [E, N, K / 32], and what transformers makes of them."""
    groups = weight.transpose(1, 2).reshape(weight.shape[0], weight.shape[2], -1, 32)
    exponent = torch.ceil(torch.log2(groups.abs().amax(-1).clamp_min(1e-9) / 6))
    lut = torch.tensor(FP4_VALUES)
    code = (groups / 2**exponent[..., None]).unsqueeze(-1).sub(lut).abs().argmin(-1).to(torch.uint8)
    blocks, scales = code[..., ::2] | (code[..., 1::2] << 4), (exponent + 127).to(torch.uint8)
    return blocks, scales, convert_moe_packed_tensors(blocks, scales, dtype=torch.float32)


def quantize(folder, kind):
    """Stores the folder's matrices quantised; returns their values by name."""
    path, config_path = os.path.join(folder, "model.safetensors"), os.path.join(folder, "config.json")
    tensors, values = load_file(path), {}
    config, block = json.load(open(config_path)), [8, 8]
    for name in list(tensors):
        if kind == "mxfp4" and name.endswith(("experts.gate_up_proj", "experts.down_proj")):
            tensors[name + "_blocks"], tensors[name + "_scales"], values[name] = to_mxfp4(tensors.pop(name).float())
        elif kind != "mxfp4" and name.endswith("proj.weight"):
            stored, scale, value = to_float8(tensors[name].float(), block)
            if kind == "ue8m0":  # powers of two, rounded up
                scale = 2 ** torch.ceil(torch.log2(scale))
                stored, value = requantize(tensors[name].float(), scale, block)
            tensors[name], tensors[name + "_scale_inv"], values[name] = stored, scale if kind == "fp8" else scale.to(torch.float8_e8m0fnu), value
    config["quantization_config"] = dict(quant_method="mxfp4", modules_to_not_convert=["lm_head"]) if kind == "mxfp4" else dict(
        quant_method="fp8", fmt="e4m3", activation_scheme="dynamic", weight_block_size=block)
    save_file(tensors, path, {"format": "pt"})
    with open(config_path, "w") as f: json.dump(config, f, indent=2)
    return values


def requantize(weight, scale, block):
    grown = scale.repeat_interleave(block[0], 0).repeat_interleave(block[1], 1)[:weight.shape[0], :weight.shape[1]]
    stored = (weight / grown).to(torch.float8_e4m3fn)
    return stored, stored.float() * grown


def write_folder(folder, model_type, options, dtype=torch.float32, tokens=70, sequences=3, seed=0, gain=10.0, quantized=None):
    """config.json, model.safetensors, and what transformers computes: expected.json (ids, log-probabilities in float32) and
    gradients.safetensors (of the summed negative log-probability of ids first_trained and later)."""
    torch.manual_seed(seed)
    config = AutoConfig.for_model(model_type, **options)
    model = AutoModelForCausalLM.from_config(config, attn_implementation="eager", experts_implementation="eager")
    enliven(model, gain)
    shutil.rmtree(folder, ignore_errors=True)
    model.to(dtype)
    for n, b in model.named_buffers():  # float32 in every checkpoint
        if n.endswith("e_score_correction_bias"): b.data = b.data.float()
    model.save_pretrained(folder)
    plain = folder
    if quantized:  # transformers computes with the values in a plain folder beside it
        plain = folder + ".plain"
        shutil.copytree(folder, plain, dirs_exist_ok=True)
        values = quantize(folder, quantized)
        tensors = {n: values.get(n, t) for n, t in load_file(os.path.join(plain, "model.safetensors")).items()}
        save_file(tensors, os.path.join(plain, "model.safetensors"), {"format": "pt"})
    model = AutoModelForCausalLM.from_pretrained(plain, dtype=torch.float32, attn_implementation="eager", experts_implementation="eager")
    if quantized: shutil.rmtree(plain)
    ids = torch.randint(0, config.vocab_size, (sequences, tokens))
    logprobs = torch.log_softmax(model(ids).logits, -1)[:, :-1].gather(2, ids[:, 1:, None])[..., 0]
    first = 21
    (-logprobs[:, first - 1:].sum()).backward()
    with torch.no_grad():  # saved as a model, the gradients get the names and the layout of the files
        for p in model.parameters(): p.copy_(p.grad if p.grad is not None else torch.zeros_like(p))
    model.save_pretrained(folder + ".gradients")
    shutil.move(os.path.join(folder + ".gradients", "model.safetensors"), os.path.join(folder, "gradients.safetensors"))
    shutil.rmtree(folder + ".gradients")
    expected = {"ids": ids.tolist(), "logprobs": logprobs.tolist(), "first_trained": first}
    with open(os.path.join(folder, "expected.json"), "w") as f: json.dump(expected, f)
    if os.path.exists(os.path.join(folder, "generation_config.json")): os.remove(os.path.join(folder, "generation_config.json"))
    print(os.path.basename(folder), sum(p.numel() for p in model.parameters()), flush=True)
