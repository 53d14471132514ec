#!/usr/bin/env python3
"""Times loading a random Hugging Face folder in one run: `hone bench load`, and safetensors.torch.load_file on the same files, alone (it maps
the file and copies nothing) and with what a float32 model needs of it, every tensor converted. The page cache is warm for all. Peak memory
is the growth of the resident set. Needs torch 2.11.0 and safetensors 0.8.
usage: scripts/compare_loading.py [--hone build/release/hone] [--megabytes 1000] [--threads 2]"""
import argparse, json, os, statistics, subprocess, sys, tempfile, time

child = """
import sys, time, glob, torch
from safetensors.torch import load_file
torch.set_num_threads(int(sys.argv[3]))
def status(key):
    return next(int(l.split()[1]) for l in open("/proc/self/status") if l.startswith(key)) / 1024
before, convert, times = status("VmHWM"), sys.argv[2] == "convert", []
for _ in range(5):
    begin = time.perf_counter()
    tensors = {}
    for f in sorted(glob.glob(sys.argv[1] + "/*.safetensors")): tensors.update(load_file(f))
    if convert:
        for n in list(tensors): tensors[n] = tensors[n].to(torch.float32, copy=True)
    times.append(time.perf_counter() - begin)
    del tensors
print(sorted(times[1:])[2], status("VmHWM") - before)
"""


def write_folder(folder, megabytes, dtype):
    import torch
    from safetensors.torch import save_file
    hidden, intermediate, vocab = 1024, 2816, 32000
    layer = 4 * hidden * hidden + 3 * hidden * intermediate
    size = 2 if dtype == torch.bfloat16 else 4
    layers = max(1, round((megabytes * 1e6 / size - 2 * vocab * hidden) / layer))
    config = dict(model_type="llama", vocab_size=vocab, hidden_size=hidden, intermediate_size=intermediate, num_hidden_layers=layers,
                  num_attention_heads=16, num_key_value_heads=16, tie_word_embeddings=False)
    with open(os.path.join(folder, "config.json"), "w") as f: json.dump(config, f)
    make = lambda *shape: torch.empty(shape, dtype=dtype).normal_(0, 0.02)
    tensors = {"model.embed_tokens.weight": make(vocab, hidden), "lm_head.weight": make(vocab, hidden), "model.norm.weight": make(hidden)}
    for i in range(layers):
        p = f"model.layers.{i}."
        for n in "qkvo": tensors[f"{p}self_attn.{n}_proj.weight"] = make(hidden, hidden)
        for n in ("gate", "up"): tensors[f"{p}mlp.{n}_proj.weight"] = make(intermediate, hidden)
        tensors[p + "mlp.down_proj.weight"] = make(hidden, intermediate)
        for n in ("input_layernorm", "post_attention_layernorm"): tensors[f"{p}{n}.weight"] = make(hidden)
    save_file(tensors, os.path.join(folder, "model.safetensors"), {"format": "pt"})


def main():
    import torch
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hone", default="build/release/hone")
    parser.add_argument("--megabytes", type=float, default=1000)
    parser.add_argument("--threads", type=int, default=2)
    a = parser.parse_args()
    for dtype in (torch.bfloat16, torch.float32):
        with tempfile.TemporaryDirectory() as folder:
            write_folder(folder, a.megabytes, dtype)
            gb = os.path.getsize(os.path.join(folder, "model.safetensors")) * 1e-9
            hone = json.loads(subprocess.run([a.hone, "bench", "load", "--model", folder, "--threads", str(a.threads), "--json"], check=True,
                                             capture_output=True, text=True).stdout)
            print(f"{dtype}: {gb:.2f} GB, {gb * 1e9 / 2**20:.0f} MiB, in float32 {hone['float32_mib']:.0f} MiB")
            print(f"  hone to float32:      {gb / hone['seconds']:6.2f} GB/s, peak +{hone['peak_growth_mib']:.0f} MiB")
            for mode in ("convert", "map"):
                seconds, grown = map(float, subprocess.run([sys.executable, "-c", child, folder, mode, str(a.threads)], check=True,
                                                           capture_output=True, text=True).stdout.split())
                label = "load_file to float32:" if mode == "convert" else "load_file alone:     "
                print(f"  {label} {gb / seconds:6.2f} GB/s, peak +{grown:.0f} MiB, hone is {seconds / hone['seconds']:.2f} times as fast", flush=True)


if __name__ == "__main__": main()
