#!/usr/bin/env python3
"""Compares hone's math rule with Math-Verify on pairs of a gold and an answer: agreement, every class of difference, and time.

  pip install math-verify==0.9.0
  scripts/compare_math_verify.py --data ../shared/data --out math_verify.json

`hone bench rewards` makes the pairs (golds with themselves, variants, near misses, other golds of the same shape). Math-Verify gets
"$gold$" and "\\boxed{answer}" with its default configurations and time-outs, in this one process; hone gets the same answer in the same
box. Verdicts are those of `hone score`. Times are processor times of one thread without process start, JSON or files: of parse, parse
and verify there, of extraction, parse, parse and comparison here (`hone bench rewards --pairs`). Run by hand; nothing else needs it.
"""
import argparse
import collections
import json
import logging
import pathlib
import subprocess
import tempfile
import time
import warnings


def hone_verdicts(hone, pairs):
    """[(paid, verdict)] of `hone score`, one thread."""
    lines = "".join(json.dumps({"completion": "\\boxed{" + p["answer"] + "}", "answer": p["gold"]}) + "\n" for p in pairs)
    done = subprocess.run([hone, "score", "--reward", "math", "--threads", "1"], input=lines, capture_output=True, text=True, check=True)
    scored = [json.loads(line) for line in done.stdout.splitlines()]
    return [(row["reward"] == 1, row["detail"]["math"]["verdict"]) for row in scored]


def hone_times(hone, file):
    """The bench's figures for the pairs of a file, in microseconds."""
    done = subprocess.run([hone, "bench", "rewards", "--pairs", file, "--json"], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)["math"]


def math_verify_verdicts(pairs):
    """[(paid, seconds, what the answer was parsed as)] of Math-Verify."""
    from math_verify import parse, verify
    logging.disable(logging.CRITICAL)
    warnings.filterwarnings("ignore")
    verify(parse("$1$"), parse("\\boxed{1}"))  # loads what is loaded on first use
    verdicts = []
    for pair in pairs:
        begin = time.process_time()
        try:
            answer = parse("\\boxed{" + pair["answer"] + "}")
            paid = bool(verify(parse("$" + pair["gold"] + "$"), answer))
        except Exception as error:  # it raises for some inputs: no reward
            answer, paid = type(error).__name__, False
        verdicts.append((paid, time.process_time() - begin, str(answer)[:200]))
    return verdicts


def quantiles(seconds):
    ordered = sorted(seconds)
    at = {name: 1e6 * ordered[min(len(ordered) - 1, int(q * len(ordered)))] for name, q in
          (("p50_us", 0.5), ("p99_us", 0.99), ("p999_us", 0.999), ("max_us", 1.0))}
    return {"mean_us": 1e6 * sum(ordered) / len(ordered), **at}


def differences(pairs, ours, theirs):
    """Pairs on which the two differ, by shape, kind and who pays."""
    classes = collections.defaultdict(list)
    for pair, (paid, verdict), (peer_paid, _, parsed) in zip(pairs, ours, theirs):
        if paid != peer_paid:
            key = (pair["kind"], pair["shape"], pair["expected"], "hone" if paid else "math-verify")
            classes[key].append({"gold": pair["gold"], "answer": pair["answer"], "hone": verdict, "math_verify_read": parsed})
    return [dict(zip(("kind", "shape", "expected", "paid_by"), key), count=len(found), pairs=found)
            for key, found in sorted(classes.items(), key=lambda item: -len(item[1]))]


def right(pairs, verdicts):
    """How many of the pairs whose verdict is known get it, as [right, all], for variants and for near misses."""
    counts = {"equal": [0, 0], "different": [0, 0]}
    for pair, verdict in zip(pairs, verdicts):
        if pair["expected"] in counts:
            counts[pair["expected"]][0] += verdict[0] == (pair["expected"] == "equal")
            counts[pair["expected"]][1] += 1
    return counts


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    root = pathlib.Path(__file__).resolve().parent.parent
    parser.add_argument("--hone", default=str(root / "build/release/hone"))
    parser.add_argument("--data", default=str(root / "../shared/data"))
    parser.add_argument("--every", type=int, default=1, help="take every so-manyth pair (1)")
    parser.add_argument("--out", required=True, help="JSON: figures and all differences")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        all_pairs, file = folder + "/all.jsonl", folder + "/pairs.jsonl"
        subprocess.run([options.hone, "bench", "rewards", "--data", options.data, "--write-pairs", all_pairs],
                       check=True, stdout=subprocess.DEVNULL)
        lines = pathlib.Path(all_pairs).read_text(encoding="utf-8").splitlines()[::options.every]
        pathlib.Path(file).write_text("\n".join(lines) + "\n", encoding="utf-8")
        pairs = [json.loads(line) for line in lines]
        before = hone_times(options.hone, file)
        theirs = math_verify_verdicts(pairs)
        after = hone_times(options.hone, file)
    ours = hone_verdicts(options.hone, pairs)
    agree = sum(a[0] == b[0] for a, b in zip(ours, theirs))
    peer = quantiles([seconds for _, seconds, _ in theirs])
    slower = max(before, after, key=lambda t: t["mean_us"])
    report = {"pairs": len(pairs), "agree": agree, "hone_right": right(pairs, ours), "math_verify_right": right(pairs, theirs),
              "math_verify": peer, "hone": slower, "ratio_of_means": peer["mean_us"] / slower["mean_us"],
              "differences": differences(pairs, ours, theirs)}
    pathlib.Path(options.out).write_text(json.dumps(report, indent=1, ensure_ascii=False), encoding="utf-8")
    for difference in report.pop("differences"):
        example = difference["pairs"][0]
        print(difference["count"], difference["kind"], difference["shape"], difference["expected"], "paid by", difference["paid_by"],
              "|", example["gold"], "|", example["answer"])
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
