// `hone logprobs`: what the policy thinks of given tokens, by the forward pass of training.
#include <ostream>

#include "cli/commands.h"
#include "cli/input.h"
#include "cli/model_session.h"
#include "core/error.h"
#include "core/json_lines.h"
#include "rl/trainer.h"

namespace hone {
namespace {

constexpr size_t kBatchLines = 64;

std::vector<TokenId> ids_of(const JsonLine& line, const std::string& file, const ModelSession& session) {
  const auto fail = [&](const std::string& what) {
    return InputError(concat(file, ":", line.number, ": ", what));
  };
  const DecoderConfig& config = session.decoder.config();
  if (!line.value.is_object()) throw fail("expected an object with \"ids\" or \"text\"");
  std::vector<TokenId> ids;
  if (line.value.contains("ids")) {
    if (!line.value["ids"].is_array()) throw fail("ids: expected an array of token ids");
    for (const Json& id : line.value["ids"]) {
      if (!id.is_number_integer() || id < 0 || id >= config.vocab_size)
        throw fail(concat("ids: got ", id.dump().substr(0, 60), ", expected an integer from 0 to ",
                          config.vocab_size - 1));
      ids.push_back(id.get<TokenId>());
    }
  } else if (line.value.contains("text") && line.value["text"].is_string()) {
    ids = session.tokenizer.encode(line.value["text"].get<std::string>(), true);
  } else {
    throw fail("expected \"ids\": [...] or \"text\": \"...\"");
  }
  if (int64_t(ids.size()) > config.max_positions)
    throw fail(concat(ids.size(), " tokens, but the context holds ", config.max_positions));
  return ids;
}

/// The lines' tokens as groups of one sample whose prompt is the first token.
void write_batch(const std::vector<std::vector<TokenId>>& lines, const ModelSession& session,
                 std::ostream& out) {
  std::vector<TrainingGroup> groups;
  for (const std::vector<TokenId>& ids : lines)
    if (ids.size() > 1) groups.push_back({{ids[0]}, {{.ids = {ids.begin() + 1, ids.end()}}}});
  if (!groups.empty()) Trainer::score_reference(session.decoder, groups, {});
  size_t next = 0;
  for (const std::vector<TokenId>& ids : lines) {
    Json logprobs = Json::array();
    if (!ids.empty()) logprobs.push_back(nullptr);
    if (ids.size() > 1)
      for (const float value : groups[next++].samples[0].reference_logprobs) logprobs.push_back(value);
    out << to_json_line({{"ids", ids}, {"logprobs", logprobs}});
  }
}

}  // namespace

int run_logprobs(const LogprobsOptions& options, Console console) {
  Input input(options.input, console);
  const ModelSession session = open_model(options.model, options.threads);
  JsonLinesReader reader(input.name(), input.stream());
  std::vector<std::vector<TokenId>> lines;
  while (const auto line = reader.next()) {
    lines.push_back(ids_of(*line, input.name(), session));
    if (lines.size() < kBatchLines) continue;
    write_batch(lines, session, console.out);
    lines.clear();
  }
  write_batch(lines, session, console.out);
  return 0;
}

}  // namespace hone
