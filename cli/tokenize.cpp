// `hone tokenize`: lines of text to lines of ids and back.
#include <istream>
#include <ostream>

#include "cli/commands.h"
#include "core/error.h"
#include "core/json_lines.h"
#include "model/tokenizer.h"

namespace hone {
namespace {

void encode_lines(const Tokenizer& tokenizer, bool add_special_tokens, Console console) {
  for (std::string line; std::getline(console.in, line);)
    console.out << Json(tokenizer.encode(line, add_special_tokens)).dump() << "\n";
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
    encode_lines(tokenizer, !options.no_special, console);
  return 0;
}

}  // namespace hone
