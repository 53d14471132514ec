"""Random Hugging Face folders by transformers, with what it computes for them: shared by make_golden_models.py and check_models.py.
Needs torch 2.11.0 and transformers 5.23.0."""
import json, os, shutil
import torch
import transformers
from transformers import AutoConfig, AutoModelForCausalLM


transformers.utils.logging.disable_progress_bar()


def enliven(model):
    """Lively weights, so that a wrong port can't hide."""
    with torch.no_grad():
        for n, p in list(model.named_parameters()) + list(model.named_buffers()):
            if not p.is_floating_point(): continue
            if p.dim() >= 2: p.mul_(10.0)
            if n.endswith("norm.weight"): p.normal_(1, 0.1)
            if n.endswith("bias"): p.normal_(0, 0.05)
            if n.endswith("sinks"): p.normal_(0, 1)


def write_folder(folder, model_type, options, dtype=torch.float32, tokens=70, sequences=3, seed=0):
    """config.json, model.safetensors, and what transformers computes: expected.json (ids, log-probabilities in float32) and
    gradients.safetensors (of the summed negative log-probability of ids first_trained and later)."""
    torch.manual_seed(seed)
    config = AutoConfig.for_model(model_type, **options)
    model = AutoModelForCausalLM.from_config(config, attn_implementation="eager", experts_implementation="eager")
    enliven(model)
    shutil.rmtree(folder, ignore_errors=True)
    model.to(dtype)
    for n, b in model.named_buffers():  # float32 in every checkpoint
        if n.endswith("e_score_correction_bias"): b.data = b.data.float()
    model.save_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager", experts_implementation="eager")
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
