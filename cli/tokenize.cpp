// `hone tokenize`: lines of text to lines of ids and back.
#include <charconv>
#include <istream>
#include <ostream>

#include "cli/commands.h"
#include "core/error.h"
#include "core/json_lines.h"
#include "model/tokenizer.h"

namespace hone {
namespace {

constexpr size_t kBlockBytes = 4 << 20;  // of text that is encoded at once

/// [1,2,3] and a line feed.
void append_ids(const std::vector<TokenId>& ids, std::string& out) {
  char digits[16];
  out += '[';
  for (size_t i = 0; i < ids.size(); ++i) {
    if (i > 0) out += ',';
    out.append(digits, std::to_chars(digits, digits + sizeof digits, ids[i]).ptr);
  }
  out += "]\n";
}

void encode_lines(const Tokenizer& tokenizer, const TokenizeOptions& options, Console console) {
  std::vector<std::string> lines;
  size_t bytes = 0;
  const auto write_block = [&] {
    std::string out;
    for (const auto& ids : tokenizer.encode_batch(lines, !options.no_special, options.threads))
      append_ids(ids, out);
    console.out << out << std::flush;
    lines.clear(), bytes = 0;
  };
  for (std::string line; std::getline(console.in, line);) {
    bytes += line.size() + 1;
    lines.push_back(std::move(line));
    if (bytes >= kBlockBytes || console.in.rdbuf()->in_avail() <= 0) write_block();
  }
  write_block();
}

void decode_lines(const Tokenizer& tokenizer, bool skip_special_tokens, Console console) {
  JsonLinesReader reader("<stdin>", console.in);
  while (const auto line = reader.next()) {
    check_input(line->value.is_array(), "<stdin>:", line->number,
                ": expected a JSON array of token ids, got ", line->value.dump().substr(0, 60));
    std::vector<TokenId> ids;
    for (const Json& id : line->value) {
      check_input(id.is_number_integer() && id >= 0 && id <= INT32_MAX, "<stdin>:", line->number, ": got ",
                  id.dump().substr(0, 60), ", expected a token id: an integer from 0");
      ids.push_back(id.get<TokenId>());
    }
    console.out << tokenizer.decode(ids, skip_special_tokens) << "\n";
  }
}

}  // namespace

int run_tokenize(const TokenizeOptions& options, Console console) {
  const Tokenizer tokenizer = Tokenizer::load(options.model);
  if (options.decode)
    decode_lines(tokenizer, options.no_special, console);
  else
    encode_lines(tokenizer, options, console);
  return 0;
}

}  // namespace hone
