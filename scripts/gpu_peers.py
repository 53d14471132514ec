#!/usr/bin/env python3
"""Times ATen's equivalents of the kernels in the JSON of `hone bench kernels` and writes the ratios beside ours.

  scripts/gpu_peers.py KERNELS.json MERGED.json [--device cuda] [--seconds 60]

For each case with an equivalent, the same shape in float32 (no TF32; cases of products in bfloat16: in bfloat16), the same protocol as ours: the second-level cache full of something
else, CUDA events around the call, the median of at least 20 calls. Where there are several equivalents the fastest counts. ATen's
results need no order of roundings, ours have one; the ratio is their time over ours (above 1: ours is faster). A case whose equivalent is
several calls says so in "aten". --device cpu runs everything once on small shapes, without times that mean anything.
"""
import argparse
import json
import statistics
import sys
import time

import torch
import torch.nn.functional as F

torch.backends.cuda.matmul.allow_tf32 = False
SMALL = {"T": 20, "K": 24, "N": 40, "E": 4, "k": 2, "H": 2, "V": 300, "ids": 300, "n": 5000, "R": 40, "S": 3, "C": 40, "J": 2, "Dk": 16, "Dv": 16}


class Timer:
    def __init__(self, device):
        self.cuda = device == "cuda"
        size = 2 * torch.cuda.get_device_properties(0).L2_cache_size if self.cuda else 0
        self.elsewhere = torch.empty(size, dtype=torch.uint8, device=device)

    def once(self, f):
        if not self.cuda:
            begin = time.perf_counter()
            f()
            return 1e6 * (time.perf_counter() - begin)
        begin, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        self.elsewhere.fill_(1)
        begin.record()
        f()
        end.record()
        end.synchronize()
        return 1e3 * begin.elapsed_time(end)

    def median(self, f):
        warm = [self.once(f) for _ in range(3 if self.cuda else 1)][-1]
        reps = max(20, min(200, int(200e3 / max(warm, 1)))) if self.cuda else 1
        return statistics.median(self.once(f) for _ in range(reps))


def backward_of(forward, inputs, gradient):
    """The backward pass alone, of a graph that is kept."""
    for x in inputs:
        x.requires_grad_()
    out = forward()
    return lambda: torch.autograd.grad(out, inputs, gradient, retain_graph=True)


def swiglu(x):
    gate, up = x.chunk(2, -1)
    return F.silu(gate) * up


def rotate(x, cos, sin):
    a, b = x.chunk(2, -1)
    return x * cos + torch.cat((-b, a), -1) * sin


def clamped_swiglu(x):
    gate, up = x[..., ::2].clamp(max=2.5), x[..., 1::2].clamp(-2.5, 2.5)
    return gate * torch.sigmoid(1.702 * gate) * (up + 1)


def equivalents(name, s, device):
    """(description, function) of each equivalent of a kernel at a shape."""
    def rand(*size):
        return torch.rand(*size, device=device) * 2 - 1

    def ints(limit, *size):
        return torch.randint(limit, size, device=device)

    T, K = s.get("T"), s.get("K")
    if name == "rms_norm":
        x, w = rand(T, K), rand(K)
        return [("rms_norm", lambda: F.rms_norm(x, (K,), w, 1e-6))]
    if name in ("rms_norm_backward_input", "rms_norm_backward_weight"):
        x, w, dy = rand(T, K), rand(K), rand(T, K)
        wanted = [x] if name.endswith("input") else [w]
        return [("backward of rms_norm, one gradient", backward_of(lambda: F.rms_norm(x, (K,), w, 1e-6), wanted, dy))]
    if name == "rope":
        x, cos, sin = rand(T, s["H"], K), rand(T, 1, K), rand(T, 1, K)
        return [("elementwise calls", lambda: rotate(x, cos, sin))]
    if name == "add":
        x, y = rand(T, K), rand(T, K)
        return [("add_", lambda: y.add_(x))]
    if name == "swiglu":
        x = rand(T, 2 * K)
        return [("silu and mul", lambda: swiglu(x))]
    if name == "swiglu_backward":
        x, dy = rand(T, 2 * K), rand(T, K)
        return [("backward of silu and mul", backward_of(lambda: swiglu(x), [x], dy))]
    if name == "clamped_swiglu":
        x = rand(T, 2 * K)
        return [("elementwise calls", lambda: clamped_swiglu(x))]
    if name == "clamped_swiglu_backward":
        x, dy = rand(T, 2 * K), rand(T, K)
        return [("backward of elementwise calls", backward_of(lambda: clamped_swiglu(x), [x], dy))]
    if name == "clamp":
        x = rand(T, K)
        return [("clamp", lambda: x.clamp(-0.5, 0.5))]
    if name == "clamp_backward":
        x, dy = rand(T, K), rand(T, K)
        return [("backward of clamp", backward_of(lambda: x.clamp(-0.5, 0.5), [x], dy))]
    if name == "sigmoid_gate":
        y, g = rand(T, K), rand(T, 1)
        return [("sigmoid and mul", lambda: torch.sigmoid(g) * y)]
    if name == "sigmoid_gate_backward":
        y, g, dy = rand(T, K), rand(T, 1), rand(T, K)
        return [("backward of sigmoid and mul", backward_of(lambda: torch.sigmoid(g) * y, [y, g], dy))]
    if name == "embedding":
        w, i = rand(s["V"], K), ints(s["V"], T)
        return [("embedding", lambda: F.embedding(i, w))]
    if name == "embedding_backward":
        dy, i = rand(T, K), ints(s["V"], T)
        return [("embedding_dense_backward", lambda: torch.ops.aten.embedding_dense_backward(dy, i, s["V"], -1, False))]
    if name == "route":
        x = rand(T, s["E"])
        return [("softmax and topk", lambda: torch.softmax(x, -1).topk(s["k"], -1))]
    if name == "route_backward":
        x, d = rand(T, s["E"]), rand(T, s["k"])

        def weights():
            chosen = torch.softmax(x, -1).topk(s["k"], -1)[0]
            return chosen / (chosen.sum(-1, keepdim=True) + 1e-20)
        return [("backward of softmax, topk and division", backward_of(weights, [x], d))]
    if name == "dispatch":
        e = ints(s["E"], T * s["k"])
        return [("stable sort", lambda: torch.sort(e, stable=True))]
    if name == "gather_rows":
        x, i = rand(T, K), ints(T, T * s["k"])
        return [("index_select", lambda: x.index_select(0, i))]
    if name == "gather_rows_backward":
        dx, dy, i = rand(T, K), rand(T * s["k"], K), ints(T, T * s["k"])
        return [("index_add_, by atomics", lambda: dx.index_add_(0, i, dy))]
    if name == "combine":
        y, w, i = rand(T * s["k"], K), rand(T, s["k"], 1), torch.randperm(T * s["k"], device=device)
        return [("index_select, mul and sum", lambda: (y.index_select(0, i).view(T, s["k"], K) * w).sum(1))]
    if name == "combine_backward":
        y, w, i = rand(T * s["k"], K), rand(T, s["k"], 1), torch.randperm(T * s["k"], device=device)
        dout = rand(T, K)
        return [("backward of index_select, mul and sum",
                 backward_of(lambda: (y.index_select(0, i).view(T, s["k"], K) * w).sum(1), [y, w], dout))]
    if name in ("attention", "attention_bf16", "attention_backward"):
        dtype = torch.bfloat16 if name == "attention_bf16" else torch.float32
        q = rand(s["S"], s["H"], s["R"], s["Dk"]).to(dtype)
        k, v = rand(s["S"], s["J"], s["C"], s["Dk"]).to(dtype), rand(s["S"], s["J"], s["C"], s["Dv"]).to(dtype)
        causal = s["R"] == s["C"] > 1  # keys and values gathered, all of one length
        forward = lambda: F.scaled_dot_product_attention(q, k, v, is_causal=causal, enable_gqa=s["H"] != s["J"])
        if name != "attention_backward":
            return [("scaled_dot_product_attention, gathered", forward)]
        return [("backward of scaled_dot_product_attention, gathered", backward_of(forward, [q, k, v], rand(s["S"], s["H"], s["R"], s["Dv"])))]
    if name in ("linear_bf16", "linear_dx_bf16", "linear_dw_bf16"):
        x, dy, w = rand(T, K).bfloat16(), rand(T, s["N"]).bfloat16(), rand(s["N"], K).bfloat16()
        return [("matmul in bfloat16", {"linear_bf16": lambda: F.linear(x, w), "linear_dx_bf16": lambda: dy @ w,
                                        "linear_dw_bf16": lambda: dy.t() @ x}[name])]
    if name == "grouped_linear_bf16":
        x, w = rand(s["E"], s["R"] // s["E"], K).bfloat16(), rand(s["E"], s["N"], K).bfloat16()
        return [("bmm of even groups in bfloat16", lambda: torch.bmm(x, w.transpose(1, 2)))]
    if name in ("linear", "linear_dx", "linear_dw"):
        x, w, dy = rand(T, K), rand(s["N"], K), rand(T, s["N"])
        dw = torch.zeros_like(w)
        return [("matmul", {"linear": lambda: F.linear(x, w), "linear_dx": lambda: dy @ w,
                            "linear_dw": lambda: dw.addmm_(dy.t(), x)}[name])]
    if name in ("grouped_linear", "grouped_linear_dw"):
        E, rows = s["E"], s["R"] // s["E"]
        x, w, dy = rand(E, rows, K), rand(E, s["N"], K), rand(E, rows, s["N"])
        return [("bmm of even groups", (lambda: torch.bmm(x, w.transpose(1, 2))) if name == "grouped_linear" else
                 (lambda: torch.baddbmm(w, dy.transpose(1, 2), x)))]
    if name == "head_score":
        z, t = rand(T, s["ids"]), ints(s["ids"], T)
        return [("cross_entropy", lambda: F.cross_entropy(z, t, reduction="none")),
                ("logsumexp and gather", lambda: z.gather(1, t[:, None])[:, 0] - torch.logsumexp(z, -1))]
    if name == "head_gradient":
        z, t, d = rand(T, s["ids"]), ints(s["ids"], T), rand(T)
        return [("backward of cross_entropy", backward_of(lambda: F.cross_entropy(z, t, reduction="none"), [z], d))]
    if name == "head_sample":
        z = rand(T, s["ids"])
        return [("softmax and multinomial", lambda: torch.multinomial(torch.softmax(z, -1), 1)),
                ("exponential and argmax", lambda: (z - torch.empty_like(z).exponential_().log()).argmax(-1))]
    if name == "head_filter":
        z = rand(T, s["V"])

        def top_k_top_p():
            values, order = z.sort(descending=True)
            weights = torch.softmax(values[:, :50], -1)
            out = (weights.cumsum(-1) - weights) >= 0.95
            return torch.full_like(z, -torch.inf).scatter_(1, order[:, :50], values[:, :50].masked_fill(out, -torch.inf))
        return [("sort, softmax, cumsum and scatter", top_k_top_p)]
    if name == "head_rows":
        d = (torch.arange(T, device=device) % 2).float()
        return [("nonzero", lambda: d.nonzero())]
    if name == "head_gather":
        x, i = rand(T, K), torch.arange(0, T, 2, device=device)
        return [("index_select", lambda: x.index_select(0, i))]
    if name == "head_scatter":
        x, i, to = rand((T + 1) // 2, K), torch.arange(0, T, 2, device=device), torch.zeros(T, K, device=device)
        return [("zero_ and index_copy_", lambda: to.zero_().index_copy_(0, i, x))]
    if name == "adamw":
        weights = rand(s["n"]).requires_grad_()
        weights.grad = rand(s["n"])
        step = torch.optim.AdamW([weights], lr=1e-3, fused=True).step
        return [("fused AdamW", step)]
    if name == "sum_of_squares":
        x = rand(s["n"])
        return [("vector_norm", lambda: torch.linalg.vector_norm(x))]
    return []


def matmul_rates(timer):
    """TFLOP/s of ATen's matrix product, on random numbers."""
    rates = {}
    for dtype, n in ((torch.float32, 4096), (torch.bfloat16, 8192)):
        a, b = (torch.randn(n, n, device="cuda", dtype=dtype) for _ in range(2))
        rates[str(dtype).removeprefix("torch.")] = 2e-6 * n**3 / timer.median(lambda: a @ b)
    return rates


def main():
    parser = argparse.ArgumentParser(description="Adds the times of ATen's equivalents to the JSON of hone bench kernels.")
    parser.add_argument("kernels")
    parser.add_argument("merged")
    parser.add_argument("--device", choices=["cuda", "cpu"], default="cuda")
    parser.add_argument("--seconds", type=float, default=60, help="cases that would begin later are left out, by name")
    options = parser.parse_args()
    begin = time.monotonic()
    with open(options.kernels, encoding="utf-8") as file:
        result = json.load(file)
    timer = Timer(options.device)
    result["torch"] = torch.__version__
    result["peers_left_out"], result["without_peer"] = [], []
    if timer.cuda:
        result["limits"]["torch_matmul_tflops"] = matmul_rates(timer)
    for case in result["cases"]:
        name = case["kernel"]
        if time.monotonic() - begin > options.seconds:
            result["peers_left_out"].append(name)
            continue
        shape = case["shape"] if timer.cuda else {letter: min(size, SMALL[letter]) for letter, size in case["shape"].items()}
        times = [(timer.median(f), what) for what, f in equivalents(name, shape, options.device)]
        if not times:
            result["without_peer"].append(name)
            continue
        case["aten_us"], case["aten"] = min(times)
        case["x_aten"] = case["aten_us"] / case["us"]
        print(f"{name:26}{case['us']:10.1f} us {case['aten_us']:10.1f} us ATen ({case['aten']})  x {case['x_aten']:.2f}", file=sys.stderr)
    with open(options.merged, "w", encoding="utf-8") as file:
        json.dump(result, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
