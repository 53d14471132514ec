// New weights begin as transformers' do, and are counted as it counts them (tests/golden/from_scratch.json, by
// scripts/make_from_scratch.py): every tensor's distribution, parameters in all and of a token, bytes of cache.
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "core/files.h"
#include "model/decoder.h"
#include "model/model_folder.h"
#include "tests/source_dir.h"

namespace hone {
namespace {

const Json& golden() {
  static const Json json = Json::parse(read_file(source_dir() / "tests/golden/from_scratch.json"));
  return json;
}

std::vector<std::string> architectures() {
  std::vector<std::string> names;
  for (const auto& [name, fields] : golden().items()) names.push_back(name);
  return names;
}

class FromScratch : public testing::TestWithParam<std::string> {
 protected:
  const Json golden_ = golden()[GetParam()];
  const Document document_ = parse_document("config.json", golden_["config"].dump());
  Model create(uint64_t seed) const { return create_model(document_, "", seed); }
};

/// Numbers of a tensor without the padding id's row, which is 0.
std::vector<float> numbers(const Model& model, const NamedTensor& t) {
  const float* data = model.flat.data_ptr<float>() + t.offset;
  std::vector<float> out(data, data + t.size());
  if (t.name != "model.embed_tokens.weight" || !model.config.pad_id) return out;
  const auto row = out.begin() + *model.config.pad_id * model.config.hidden_size;
  EXPECT_EQ(std::vector<float>(row, row + model.config.hidden_size), std::vector<float>(size_t(model.config.hidden_size)));
  out.erase(row, row + model.config.hidden_size);
  return out;
}

/// Mean, deviation and kurtosis within five deviations of what n draws of a normal distribution have.
void expect_normal(const std::vector<float>& x, double std, const std::string& name) {
  double sum = 0, squares = 0, fourths = 0, largest = 0;
  for (const float v : x) {
    const double z = v / std;
    sum += z, squares += z * z, fourths += z * z * z * z, largest = std::max(largest, std::abs(z));
  }
  const double n = double(x.size());
  EXPECT_LT(std::abs(sum / n), 5 / std::sqrt(n)) << name;
  EXPECT_LT(std::abs(squares / n - 1), 5 * std::sqrt(2 / n)) << name;
  EXPECT_LT(std::abs(fourths / n - 3), 5 * std::sqrt(96 / n)) << name;
  EXPECT_LT(largest, 6) << name;
}

TEST_P(FromScratch, EveryTensorIsDistributedAsTransformersHasIt) {
  const Model model = create(7);
  std::map<std::string, double> expected = golden_["tensors"];
  for (const NamedTensor& t : list_tensors(model.config)) {
    ASSERT_TRUE(expected.contains(t.name)) << t.name;
    const double kind = expected[t.name];
    expected.erase(t.name);
    const std::vector<float> x = numbers(model, t);
    if (kind == 0 || kind == 1) {
      EXPECT_EQ(x, std::vector<float>(x.size(), float(kind))) << t.name;
    } else {
      expect_normal(x, kind, t.name);
    }
  }
  for (const auto& [name, kind] : expected) ADD_FAILURE() << "not made: " << name;
}

TEST_P(FromScratch, AWrongDeviationWouldBeSeen) {
  Model model = create(7);
  for (const NamedTensor& t : list_tensors(model.config)) {
    if (t.init != NamedTensor::Init::kNormal || t.size() < 2000) continue;
    const std::vector<float> x = numbers(model, t);
    double squares = 0;
    for (const float v : x) squares += v * v;
    const double ratio = squares / double(x.size()) / std::pow(1.25 * model.config.initializer_range, 2);
    EXPECT_GT(std::abs(ratio - 1), 5 * std::sqrt(2.0 / double(x.size()))) << t.name;
  }
}

TEST_P(FromScratch, TheSeedDecidesAllOfIt) {
  EXPECT_TRUE(create(7).flat.equal(create(7).flat));
  EXPECT_FALSE(create(7).flat.equal(create(8).flat));
}

TEST_P(FromScratch, CountsAreThoseOfTransformers) {
  const DecoderConfig config = parse_decoder_config(document_);
  const ParameterCount count = count_parameters(config);
  EXPECT_EQ(count.total, golden_["parameters"]);
  EXPECT_EQ(count.active, golden_["active_parameters"]);
  // A latent lies in the pages twice: as key and, in the other order that values have, as value.
  const int64_t twice = config.attention.kv_lora_rank * config.num_layers * int64_t{sizeof(float)};
  EXPECT_EQ(page_bytes(config) / ops::kPageSize, golden_["cache_bytes_per_token"].get<int64_t>() + twice);
  EXPECT_EQ(training_bytes(config), count.total * 5 * 4);  // weights, packed, gradients, two moments
}

INSTANTIATE_TEST_SUITE_P(Architectures, FromScratch, testing::ValuesIn(architectures()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace hone
