// `hone logprobs`: what the policy thinks of given tokens, by the forward pass of training.
#include "rollout/logprobs.h"

#include <algorithm>
#include <ostream>

#include "cli/commands.h"
#include "cli/input.h"
#include "cli/model_session.h"
#include "core/error.h"
#include "core/json_lines.h"

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

void write_batch(const std::vector<std::vector<TokenId>>& lines, const ModelSession& session,
                 std::ostream& out) {
  std::vector<std::vector<float>> logprobs;
  const bool any = std::any_of(lines.begin(), lines.end(), [](const auto& ids) { return ids.size() > 1; });
  if (any) logprobs = sequence_logprobs(session.decoder, lines);
  for (size_t i = 0; i < lines.size(); ++i) {
    Json values = Json::array();
    for (size_t j = 0; j < lines[i].size(); ++j) values.push_back(j == 0 ? Json() : Json(logprobs[i][j]));
    out << to_json_line({{"ids", lines[i]}, {"logprobs", values}});
  }
}

}  // namespace

int run_logprobs(const LogprobsOptions& options, Console console) {
  Input input(options.input, console);
  const ModelSession session = open_model(options.model, options.compute, console.err);
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
