// The task families and their keys. All take "split" ("train", "held_out", "all") and "held_out" (share,
// 0.2); all but parity take "languages" (["en", "zh"]). Prompts, reasoning and answers are items separated by
// single spaces. Every row has "task", and "language" ("en" or "zh") where there are words; countdown's has
// "numbers", "target" and "operators", the others' have "answer": the text inside the answer block.
#pragma once

#include <memory>

#include "datasets/task.h"

namespace hone {

/// Make the target out of all the numbers, each used once; every problem has a solution.
///   "numbers" 3, "max_number" 9, "min_target" 1, "max_target" 99, "operators" "+-*" (also /);
///   for its traces "skip_check" 0.15 (share without verdicts) and the keys of StyleOptions
std::unique_ptr<Task> make_countdown(Fields& options);

/// For pretraining only: lines `x op y = v yes` under a countdown prompt, with loss on v and the verdict
/// alone. They cover all facts with x from 0 to 99 and y from 1 to "max_number", while the prompts show no
/// held-out numbers.
///   "lines" 12, "hit" 0.33 (share of the lines that reach the target), "near" 0.33 (share of near misses),
///   and countdown's keys
std::unique_ptr<Task> make_drills(Fields& options);

/// `sum 3 + 5 - 2 + 9 :`, from "min_terms" 4 to "max_terms" 5 terms from 1 to 9, never below 0.
/// Here and below: "size" 1000 (problems in a pass) and the keys of StyleOptions.
std::unique_ptr<Task> make_chain_sum(Fields& options);

/// `sort 42 7 93 15 :`, from "min_numbers" 4 to "max_numbers" 5 different numbers from 0 to 99, ascending.
std::unique_ptr<Task> make_number_sorting(Fields& options);

/// `binary 45 :` for 0 to 63, which are all there are (no "size").
std::unique_ptr<Task> make_base_conversion(Fields& options);

/// Parity of "bits" 20 random bits (arXiv 2510.11495). The prompt is the bits; a demonstration is, with
/// probability "p_cot" 0.25, the parities of all prefixes, else only the last of them. The answer is the
/// completion's last item.
std::unique_ptr<Task> make_parity(Fields& options);

}  // namespace hone
