// Which words of a text in Latin script are in which language, from the evidence of all of them: a language tends to go on, above all
// within a sentence.
#pragma once

#include <span>
#include <vector>

#include "rewards/latin_profile.h"
#include "rewards/words.h"

namespace hone {

/// Words that may be somebody's name: capitalised inside a sentence, in no list of frequent words, and not because the whole
/// sentence is in capitals.
std::vector<bool> find_names(std::span<const TextWord> words);

/// For each word and language: log2 of the likelihood of the best labelling of the whole text in which the word is of that language,
/// over the best of all, in sixteenths; 0 for the best. What may be a name says nothing itself.
std::vector<Evidence> label_latin(std::span<const TextWord> words, const std::vector<bool>& names);

}  // namespace hone
