#include "rewards/native_library.h"

#include <dlfcn.h>

#include <deque>

#include "core/error.h"
#include "rewards/text.h"

namespace hone {
namespace {

constexpr const char* kEntry = "hone_reward_v1";

/// The table, if it is one that this hone understands.
const hone_reward_rule* checked_table(const hone_reward_rule* table) {
  check(table != nullptr, kEntry, "() returned no rule");
  check(table->struct_size >= sizeof(uint32_t) + offsetof(hone_reward_rule, version),
        "its rule is a struct of ", table->struct_size, " bytes, expected at least ",
        sizeof(hone_reward_rule));
  check(table->version == HONE_REWARD_VERSION, "it is built for version ", table->version,
        " of the interface, this hone has version ", HONE_REWARD_VERSION,
        ": build it against this hone's hone_reward_v1.h");
  check(table->struct_size >= sizeof(hone_reward_rule), "its rule is a struct of ", table->struct_size,
        " bytes, expected at least ", sizeof(hone_reward_rule));
  check(table->create && table->score && table->destroy, "its rule has no ",
        !table->create  ? "create"
        : !table->score ? "score"
                        : "destroy");
  return table;
}

/// Calls into the library. A library that lets an exception out breaks the interface; that is said, not
/// passed on.
template <class Call>
auto call_library(const char* function, const Call& call) {
  try {
    return call();
  } catch (const std::exception& e) {
    throw Error(concat("an exception left its ", function, "(): ", e.what()));
  } catch (...) {
    throw Error(concat("an exception left its ", function, "()"));
  }
}

const Json* find_field(const Json& object, std::string_view path) {
  const Json* value = &object;
  while (true) {
    const size_t dot = path.find('.');
    if (!value->is_object()) return nullptr;
    const auto member = value->find(std::string(path.substr(0, dot)));
    if (member == value->end()) return nullptr;
    value = &*member;
    if (dot == std::string_view::npos) return value->is_null() ? nullptr : value;
    path.remove_prefix(dot + 1);
  }
}

std::string dump(const Json& value) {
  return value.dump(-1, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace);
}

}  // namespace

NativeRuleHandle::NativeRuleHandle(const std::filesystem::path& library, const Json& options) {
  // Symbols stay the library's own: two rules may use other versions of the same names.
  handle_ = ::dlopen(std::filesystem::absolute(library).c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!handle_) throw Error(concat("cannot be loaded: ", ::dlerror()));
  try {
    const auto entry = reinterpret_cast<const hone_reward_rule* (*)()>(::dlsym(handle_, kEntry));
    check(entry != nullptr, "has no symbol ", kEntry,
          ": it must end with HONE_REWARD_RULE(YourClass), or define ", kEntry, "() with C linkage");
    table_ = checked_table(call_library(kEntry, [&] { return entry(); }));
    const NativeObject object(options);
    NativeOutput output;
    rule_ = call_library("create", [&] { return table_->create(object.abi(), &output.abi); });
    check(rule_ != nullptr,
          "its rule cannot be made: ", output.message.empty() ? "no reason given" : output.message);
  } catch (...) {
    ::dlclose(handle_);
    throw;
  }
}

NativeRuleHandle::~NativeRuleHandle() {
  table_->destroy(rule_);
  ::dlclose(handle_);
}

int NativeRuleHandle::score(const hone_reward_input& input, hone_reward_output& output) const {
  return call_library("score", [&] { return table_->score(rule_, &input, &output); });
}

struct NativeObject::Texts {
  const Json& json;
  std::deque<std::string> dumped = {};  // their addresses stay

  hone_reward_text keep(const Json& value) {
    const std::string& text = dumped.emplace_back(dump(value));
    return {text.data(), text.size()};
  }
};

NativeObject::NativeObject(const Json& json) : texts_(new Texts{json}) {
  abi_.struct_size = sizeof(abi_);
  abi_.context = texts_.get();
  abi_.json = [](const hone_reward_object* object) {
    auto* texts = static_cast<Texts*>(const_cast<void*>(object->context));
    return texts->keep(texts->json);
  };
  abi_.field = [](const hone_reward_object* object, const char* path, hone_reward_text* value_) {
    auto* texts = static_cast<Texts*>(const_cast<void*>(object->context));
    const Json* field = find_field(texts->json, path);
    if (!field) return 0;
    if (field->is_string()) {
      const auto& text = field->get_ref<const std::string&>();
      *value_ = {text.data(), text.size()};
    } else {
      *value_ = texts->keep(*field);
    }
    return 1;
  };
}

NativeObject::~NativeObject() = default;

NativeOutput::NativeOutput() {
  abi.struct_size = sizeof(abi);
  abi.context = this;
  abi.set_detail = [](hone_reward_output* output, const char* json, size_t size) {
    static_cast<NativeOutput*>(output->context)->detail.assign(json, size);
  };
  abi.set_message = [](hone_reward_output* output, const char* text, size_t size) {
    static_cast<NativeOutput*>(output->context)->message = excerpt({text, size}, 1000);
  };
}

}  // namespace hone
