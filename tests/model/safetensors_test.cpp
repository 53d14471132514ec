// Safetensors: what is written comes back, bit by bit; a header that lies is an error that says where.
#include "model/safetensors.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <limits>

#include "core/error.h"
#include "core/files.h"
#include "model/half_float.h"

namespace hone {
namespace {

namespace fs = std::filesystem;

class SafetensorsTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "hone-safetensors-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { fs::remove_all(folder_); }

  fs::path put(const std::string& name, const std::string& bytes) {
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
    return folder_ / name;
  }
  std::vector<std::string> files() const {
    std::vector<std::string> out;
    for (const auto& entry : fs::directory_iterator(folder_)) out.push_back(entry.path().filename());
    std::sort(out.begin(), out.end());
    return out;
  }
  fs::path folder_;
};

std::string with_header(const std::string& json, size_t data_bytes) {
  std::string out(8, '\0');
  for (int i = 0; i < 8; ++i) out[i] = char(uint64_t(json.size()) >> (8 * i));
  return out + json + std::string(data_bytes, '\x01');
}

std::string entry(const std::string& name, const std::string& dtype, const std::string& shape,
                  const std::string& offsets) {
  return "\"" + name + R"(":{"dtype":")" + dtype + R"(","shape":)" + shape + R"(,"data_offsets":)" + offsets +
         "}";
}

std::string error_of(const std::string& bytes) {
  try {
    parse_safetensors_header("x.safetensors", bytes);
  } catch (const InputError& e) {
    return e.what();
  }
  return "no error";
}

std::vector<float> read(const SafetensorsReader& reader, const std::string& name) {
  std::vector<float> out(reader.tensor(name).num_elements());
  reader.copy_to_float(name, out.data());
  return out;
}

TEST_F(SafetensorsTest, FloatsComeBackBitByBitInTheOrderGiven) {
  std::vector<float> a{1.5f, -0.0f, std::numeric_limits<float>::denorm_min(), INFINITY, 3e38f, -7};  // [2, 3]
  std::vector<float> scalar{42}, none;
  const std::vector<TensorView> tensors{
      {"z.weight", {2, 3}, a.data()}, {"a", {}, scalar.data()}, {"empty", {0, 5}, none.data()}};
  write_safetensors(folder_, tensors);

  const auto reader = SafetensorsReader::open(folder_);
  EXPECT_EQ(reader.names().front(), "z.weight");
  EXPECT_EQ(reader.metadata().at("format"), "pt");
  EXPECT_EQ(reader.tensor("z.weight").shape, (std::vector<int64_t>{2, 3}));
  EXPECT_EQ(std::memcmp(read(reader, "z.weight").data(), a.data(), a.size() * sizeof(float)), 0);
  EXPECT_EQ(read(reader, "a"), scalar);
  EXPECT_EQ(read(reader, "empty").size(), 0u);
  EXPECT_FALSE(reader.has("b"));
  EXPECT_EQ(files(), std::vector<std::string>{"model.safetensors"}) << "nothing aside is left";
}

TEST_F(SafetensorsTest, DataBeginsAtAMultipleOfEight) {
  const float value = 1;
  for (const std::string name : {"a", "ab", "abc", "abcd", "abcde"}) {
    write_safetensors(folder_, std::vector<TensorView>{{name, {1}, &value}});
    EXPECT_EQ(SafetensorsReader::open(folder_).tensor(name).begin % 8, 0u);
  }
}

TEST_F(SafetensorsTest, HalfTypesAreRoundedOnceAndReadExactly) {
  std::vector<float> values(100'003);
  for (size_t i = 0; i < values.size(); ++i) values[i] = std::sin(float(i)) * std::exp2(float(i % 30) - 20);
  for (const std::string dtype : {"BF16", "F16"}) {
    write_safetensors(folder_, std::vector<TensorView>{{"w", {100'003}, values.data()}}, {.dtype = dtype});
    const auto reader = SafetensorsReader::open(folder_);
    EXPECT_EQ(reader.tensor("w").dtype, dtype);
    const std::vector<float> got = read(reader, "w");
    for (size_t i = 0; i < values.size(); ++i) {
      const float want =
          dtype == "BF16" ? bf16_to_float(float_to_bf16(values[i])) : f16_to_float(float_to_f16(values[i]));
      ASSERT_EQ(got[i], want) << i;
    }
  }
}

TEST_F(SafetensorsTest, AValueThatHalfCannotHoldIsAnErrorAndLeavesTheOldFile) {
  const float good = 1, bad = 70000;
  write_safetensors(folder_, std::vector<TensorView>{{"w", {1}, &good}}, {.dtype = "F16"});
  try {
    write_safetensors(folder_, std::vector<TensorView>{{"w", {1}, &bad}}, {.dtype = "F16"});
    FAIL() << "no error";
  } catch (const Error& e) {
    EXPECT_NE(std::string(e.what()).find("tensor w: element 0 is 70000"), std::string::npos) << e.what();
  }
  EXPECT_EQ(read(SafetensorsReader::open(folder_), "w"), std::vector<float>{1});
  EXPECT_EQ(files(), std::vector<std::string>{"model.safetensors"});
}

TEST_F(SafetensorsTest, ShardsHoldAtMostTheirLimitAndReplaceAnEarlierLayout) {
  std::vector<float> values(40);
  for (size_t i = 0; i < values.size(); ++i) values[i] = float(i);
  std::vector<TensorView> tensors;
  for (int i = 0; i < 8; ++i) tensors.push_back({"t" + std::to_string(i), {5}, values.data() + 5 * i});

  write_safetensors(folder_, tensors);
  write_safetensors(folder_, tensors, {.max_shard_bytes = 60});  // three tensors of 20 bytes a file
  EXPECT_EQ(files(),
            (std::vector<std::string>{"model-00001-of-00003.safetensors", "model-00002-of-00003.safetensors",
                                      "model-00003-of-00003.safetensors", "model.safetensors.index.json"}));
  const auto reader = SafetensorsReader::open(folder_);
  for (int i = 0; i < 8; ++i) {
    EXPECT_EQ(read(reader, tensors[i].name),
              std::vector<float>(values.begin() + 5 * i, values.begin() + 5 * i + 5));
  }
  EXPECT_EQ(fs::path(reader.file_of("t3")).filename(), "model-00002-of-00003.safetensors");

  write_safetensors(folder_, tensors);
  EXPECT_EQ(files(), std::vector<std::string>{"model.safetensors"})
      << "shards of the earlier layout are gone";
}

TEST_F(SafetensorsTest, AnIndexThatDoesNotMatchItsShardsIsAnError) {
  const auto fails_with = [&](const std::string& part) {
    try {
      SafetensorsReader::open(folder_);
    } catch (const InputError& e) {
      EXPECT_NE(std::string(e.what()).find(part), std::string::npos) << e.what();
      return;
    }
    FAIL() << "no error, expected: " << part;
  };
  fails_with("neither model.safetensors nor model.safetensors.index.json");
  put("a.safetensors", with_header("{" + entry("x", "F32", "[1]", "[0,4]") + "}", 4));
  put("b.safetensors", with_header("{" + entry("x", "F32", "[1]", "[0,4]") + "}", 4));
  const std::string index = "model.safetensors.index.json";
  put(index, R"({"weight_map":{"x":"a.safetensors","y":"a.safetensors"}})"),
      fails_with("tensor \"y\" is not in a.safetensors");
  put(index, R"({"weight_map":{"x":"a.safetensors","y":"b.safetensors"}})"), fails_with("is in");
  put(index, R"({"weight_map":{"x":"../a.safetensors"}})"), fails_with("without folders");
  put(index, R"({"weight_map":{"x":"c.safetensors"}})"), fails_with("c.safetensors: cannot be opened");
  put(index, R"({"weight_map":{}})"), fails_with("weight_map is empty");
  put(index, R"({"weights":{}})"), fails_with("weight_map: expected an object");
  put(index, R"({"weight_map":)"), fails_with("not JSON at byte");
  put("model.safetensors", ""), fails_with("the file is empty");
}

TEST_F(SafetensorsTest, EveryLieOfAHeaderIsNamed) {
  const auto has = [](const std::string& bytes, const std::string& part) {
    const std::string error = error_of(bytes);
    EXPECT_NE(error.find(part), std::string::npos) << "got: " << error << "\nexpected: " << part;
    EXPECT_EQ(error.find("x.safetensors"), 0u) << error;
  };
  const auto one = [](const std::string& json, size_t bytes) { return with_header("{" + json + "}", bytes); };
  has("abc", "3 bytes, too short");
  has(std::string("\xFF\0\0\0\0\0\0\0{}", 10), "header of 255 bytes, but only 2 bytes follow byte 8");
  has(std::string("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF{}", 10), "the limit is 100000000");
  has(with_header("{\"a\":", 0), "not JSON at byte");
  has(with_header("{\"\xFF\":1}", 0), "not JSON at byte");
  has(with_header("[]", 0), "got array, expected an object");
  has(one(entry("a", "F32", "[1]", "[0,4]") + "," + entry("a", "F32", "[1]", "[0,4]"), 4),
      "the key \"a\" comes twice");
  has(one("\"a\":3", 0), "tensor \"a\": got number");
  has(one(R"("a":{"dtype":"F32","shape":[1]})", 0), "tensor \"a\": no data_offsets");
  has(one(R"("a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1})", 4), "unknown key \"x\"");
  has(one(entry("a", "F33", "[1]", "[0,4]"), 4), "unknown dtype \"F33\"");
  has(one(entry("a", "F32", "[-1]", "[0,4]"), 4), "shape: got [-1]");
  has(one(entry("a", "F32", "[1.5]", "[0,4]"), 4), "shape: got [1.5]");
  has(one(entry("a", "F32", "[4294967296,4294967296]", "[0,4]"), 4), "is too large");
  has(one(entry("a", "F32", "[2]", "[0,4]"), 4), "takes 8 bytes, but data_offsets [0,4] hold 4");
  has(one(entry("a", "F32", "[1]", "[4,0]"), 4), "begins at byte 4 behind its end 0");
  has(one(entry("a", "F32", "[1]", "[0,4]"), 3), "ends at byte 4 of the data, which has only 3");
  has(one(entry("a", "F32", "[1]", "[0,4]"), 5), "1 bytes after byte 4 of the data belong to no tensor");
  has(one(entry("a", "F32", "[1]", "[0,4]") + "," + entry("b", "F32", "[1]", "[2,6]"), 6),
      "\"b\" begins at byte 2 of the data, inside");
  has(one(entry("a", "F32", "[1]", "[0,4]") + "," + entry("b", "F32", "[1]", "[5,9]"), 9),
      "\"b\" begins at byte 5 of the data, expected 4");
  has(one(entry("a", "F32", "[1]", "[18446744073709551612,18446744073709551616]"), 4), "data_offsets");
  has(one(R"("__metadata__":{"a":1})", 0), "__metadata__ \"a\": got number, expected a string");
  has(with_header(std::string(1000, '['), 0), "nested deeper");
}

TEST_F(SafetensorsTest, OtherDtypesAreListedAndNamedWhenCopied) {
  put("m.safetensors", with_header("{" + entry("ids", "I64", "[1]", "[0,8]") + "}", 8));
  const auto reader = SafetensorsReader::open(folder_ / "m.safetensors");
  EXPECT_EQ(reader.tensor("ids").dtype, "I64");
  float out[1];
  EXPECT_THROW(reader.copy_to_float("ids", out), InputError);
  EXPECT_THROW(reader.tensor("nothing"), InputError);
}

TEST(HalfFloat, EveryPatternComesBack) {
  for (uint32_t bits = 0; bits < 0x10000; ++bits) {
    const float f = f16_to_float(uint16_t(bits)), b = bf16_to_float(uint16_t(bits));
    if (std::isnan(f)) {
      EXPECT_TRUE(std::isnan(f16_to_float(float_to_f16(f))));
    } else {
      ASSERT_EQ(float_to_f16(f), bits);
    }
    if (std::isnan(b)) {
      EXPECT_TRUE(std::isnan(bf16_to_float(float_to_bf16(b))));
    } else {
      ASSERT_EQ(float_to_bf16(b), bits);
    }
  }
}

TEST(HalfFloat, HalfwayGoesToEvenAndTheRestToTheNearest) {
  for (uint32_t bits = 0; bits < 0x7BFF; ++bits) {  // neighbours of one sign, both finite
    const float low = f16_to_float(uint16_t(bits)), high = f16_to_float(uint16_t(bits + 1)),
                middle = (low + high) / 2;
    ASSERT_EQ(float_to_f16(middle), bits + (bits & 1)) << middle;
    ASSERT_EQ(float_to_f16(std::nextafter(middle, low)), bits);
    ASSERT_EQ(float_to_f16(-std::nextafter(middle, high)), (bits + 1) | 0x8000);
  }
  for (uint32_t bits = 0; bits < 0x7F7F; ++bits) {
    const float low = bf16_to_float(uint16_t(bits)), high = bf16_to_float(uint16_t(bits + 1)),
                middle = low + (high - low) / 2;
    ASSERT_EQ(float_to_bf16(middle), bits + (bits & 1)) << middle;
    ASSERT_EQ(float_to_bf16(std::nextafter(middle, low)), bits);
    ASSERT_EQ(float_to_bf16(-std::nextafter(middle, high)), (bits + 1) | 0x8000);
  }
  EXPECT_EQ(float_to_f16(65519.996f), 0x7BFF);
  EXPECT_EQ(float_to_f16(65520.0f), 0x7C00);
  EXPECT_EQ(float_to_bf16(std::numeric_limits<float>::max()), 0x7F80);
}

}  // namespace
}  // namespace hone
