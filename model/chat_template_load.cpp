// Where a model's folder keeps its chat templates and special tokens.
#include <algorithm>
#include <vector>

#include "core/error.h"
#include "core/files.h"
#include "model/chat_template.h"
#include "model/strict_json.h"

namespace hone {

namespace fs = std::filesystem;
using OrderedJson = nlohmann::ordered_json;

namespace {

/// An object read from `file`, or an empty one if it is not there.
nlohmann::json object_of(const fs::path& file) {
  if (!fs::exists(file)) return nlohmann::json::object();
  nlohmann::json json = parse_strict_json(file.string(), read_file(file));
  check_input(json.is_object(), file.string(), ": got ", json.type_name(), ", expected an object");
  return json;
}

/// Named tokens are strings, or objects of an AddedToken with their text as "content". The configuration goes
/// before the older map.
OrderedJson special_tokens(const nlohmann::json& config, const nlohmann::json& map) {
  OrderedJson tokens = OrderedJson::object();
  for (const char* name :
       {"bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"}) {
    for (const nlohmann::json* source : {&config, &map}) {
      if (!source->contains(name) || (*source)[name].is_null()) continue;
      const nlohmann::json& value = (*source)[name];
      if (value.is_string()) tokens[name] = value.get<std::string>();
      if (value.is_object() && value.contains("content") && value["content"].is_string())
        tokens[name] = value["content"].get<std::string>();
      break;
    }
  }
  return tokens;
}

}  // namespace

void ChatTemplate::add(const std::string& name, const std::string& file, std::string_view text) {
  check_input(!text.empty(), file, ": the chat template is empty");
  templates_.insert_or_assign(name, Named{std::string(text), JinjaTemplate::parse(file, text)});
}

ChatTemplate ChatTemplate::from_text(std::string_view text, const std::string& file,
                                     OrderedJson special_tokens) {
  ChatTemplate result;
  result.file_ = file;
  result.special_tokens_ = std::move(special_tokens);
  result.add("default", file, text);
  return result;
}

ChatTemplate ChatTemplate::load(const fs::path& folder) {
  const fs::path config_file = folder / "tokenizer_config.json", single = folder / "chat_template.jinja";
  const nlohmann::json config = object_of(config_file);
  ChatTemplate result;
  result.file_ = fs::exists(single) ? single.string() : config_file.string();
  result.special_tokens_ = special_tokens(config, object_of(folder / "special_tokens_map.json"));
  if (fs::exists(single)) result.add("default", single.string(), read_file(single));
  if (const fs::path more = folder / kMoreChatTemplates; fs::is_directory(more)) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(more))
      if (entry.path().extension() == ".jinja") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    for (const fs::path& file : files) result.add(file.stem().string(), file.string(), read_file(file));
  }
  if (!result.templates_.empty()) return result;
  const nlohmann::json value = config.value("chat_template", nlohmann::json());
  const std::string where = config_file.string() + ": chat_template";
  if (value.is_string()) result.add("default", where, value.get<std::string>());
  for (const nlohmann::json& named : value.is_array() ? value : nlohmann::json::array()) {
    const bool ok = named.is_object() && named.contains("name") && named["name"].is_string() &&
                    named.contains("template") && named["template"].is_string();
    check_input(ok, where, ": expected {\"name\": text, \"template\": text}, got ",
                named.dump().substr(0, 80));
    result.add(named["name"], concat(where, " \"", named["name"].get<std::string>(), "\""),
               named["template"].get<std::string>());
  }
  check_input(!result.templates_.empty(), folder.string(),
              ": no chat_template.jinja and no chat_template in tokenizer_config.json; a base model takes "
              "plain prompts");
  return result;
}

}  // namespace hone
