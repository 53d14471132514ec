#!/usr/bin/env python3
"""Tokens of the same lines by hone and by the `tokenizers` package, in turn, in one run: MB/s and their ratio; by the clock on the
wall, and by processor time, in which other work on the machine does not show.

  bench_tokenizers.py [--hone build/release/hone] [--folder FOLDER]... [--data FOLDER] [--threads N]... [--rounds N]

Each round times the package's encode_batch (the fast one, without offsets, where it has it) on RAYON_NUM_THREADS threads in a process of its own,
then `hone bench tokenize`. Needs: pip install tokenizers.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from check_tokenizers import ROOT, data_texts


def time_peer(folder, file):
    """Prints MB/s: the median of the passes."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(Path(folder) / "tokenizer.json"))
    lines = Path(file).read_text(encoding="utf-8").split("\n")[:-1]
    size = sum(len(line.encode()) for line in lines)
    encode = getattr(tokenizer, "encode_batch_fast", tokenizer.encode_batch)
    encode(lines, add_special_tokens=False)
    rates, processor_rates, begin = [], [], time.perf_counter()
    while len(rates) < 3 or (time.perf_counter() - begin < 5 and len(rates) < 21):
        start, processor_start = time.perf_counter(), time.process_time()
        encode(lines, add_special_tokens=False)
        rates.append(size / 1e6 / (time.perf_counter() - start))
        processor_rates.append(size / 1e6 / (time.process_time() - processor_start))
    print(json.dumps([statistics.median(rates), statistics.median(processor_rates)]))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hone", type=Path, default=ROOT / "build/release/hone")
    parser.add_argument("--folder", type=Path, action="append", help="folders with a tokenizer.json")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared/data")
    parser.add_argument("--threads", type=int, action="append")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--time-peer", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.time_peer:
        return time_peer(*options.time_peer)
    folders = options.folder or sorted(p.parent for p in (ROOT.parent / "shared/tokenizers").glob("*/tokenizer.json"))
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "lines.txt"
        lines = sorted({line for text in data_texts(options.data) for line in text.split("\n") if line})
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        print(f"{len(lines)} lines, {file.stat().st_size / 1e6:.1f} MB, {options.rounds} rounds, medians")
        for folder in folders:
            for threads in options.threads or [1, 2]:
                peer, own = [], []
                env = os.environ | {"RAYON_NUM_THREADS": str(threads), "TOKENIZERS_PARALLELISM": "true" if threads > 1 else "false"}
                for _ in range(options.rounds):
                    peer.append(json.loads(subprocess.run([sys.executable, __file__, "--time-peer", folder, file], env=env, check=True,
                                                          capture_output=True, text=True).stdout))
                    out = subprocess.run([options.hone, "bench", "tokenize", "--model", folder, "--data", file, "--threads", str(threads), "--json"],
                                         check=True, capture_output=True, text=True).stdout
                    own.append([json.loads(out)[key] for key in ("mb_per_s", "mb_per_processor_s")])
                for i, unit in enumerate(("MB/s", "MB a processor second")):
                    ratios = sorted(o[i] / p[i] for o, p in zip(own, peer))
                    peers, owns = (statistics.median(side[i] for side in sides) for sides in (peer, own))
                    print(f"{folder.name}, {threads} thread{'s' * (threads > 1)}: tokenizers {peers:.2f}, hone {owns:.2f} {unit}, "
                          f"ratio {statistics.median(ratios):.1f} ({ratios[0]:.1f}-{ratios[-1]:.1f})", flush=True)


if __name__ == "__main__":
    sys.exit(main())
