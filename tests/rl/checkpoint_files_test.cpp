#include "rl/checkpoint_files.h"

#include <gtest/gtest.h>

#include <fstream>

#include "core/error.h"
#include "core/hash.h"
#include "core/philox.h"
#include "tests/core/disk_limits.h"
#include "tests/core/temp_folder.h"

namespace hone {
namespace {

namespace fs = std::filesystem;

/// A checkpoint of a small file, a file in a folder, and a blob; all say which step they are of.
fs::path write_checkpoint(const fs::path& checkpoints, const CheckpointId& id, size_t size = 40) {
  CheckpointWriter writer(checkpoints, id);
  const std::string text = std::string(size, 'x') + std::to_string(id.step);
  std::ofstream(writer.folder() / "model.safetensors") << text;
  fs::create_directories(writer.folder() / "sub");
  std::ofstream(writer.folder() / "sub" / "note") << id.step;
  writer.add("optimizer.bin", std::as_bytes(std::span(text)));
  return writer.commit({{"step", id.step}, {"rate", 0.1}, {"seed", 18446744073709551615ull}});
}

CheckpointId zero(int64_t step) { return {.stage_index = 0, .step = step, .stage = "zero"}; }
CheckpointId sft(int64_t step) { return {.stage_index = 1, .step = step, .stage = "a-sft"}; }

TEST(CheckpointFiles, AreGivenBackAsTheyWere) {
  const TempFolder temp;
  const fs::path folder = write_checkpoint(temp / "checkpoints", zero(20));
  EXPECT_EQ(folder, temp / "checkpoints" / "zero-20");
  EXPECT_EQ(listing(folder), "manifest.json model.safetensors optimizer.bin sub");
  const CheckedCheckpoint checked = verify_checkpoint(folder);
  ASSERT_TRUE(checked.checkpoint) << checked.fault;
  EXPECT_EQ(checked.fault, "");
  EXPECT_EQ(checked.checkpoint->id, zero(20));
  EXPECT_EQ(checked.checkpoint->folder, folder);
  EXPECT_EQ(checked.checkpoint->state,
            Json({{"step", 20}, {"rate", 0.1}, {"seed", 18446744073709551615ull}}));
}

/// In place: a file that is cut and written anew is synced by some file systems.
void overwrite(const fs::path& path, size_t at, char byte) {
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(std::streamoff(at));
  file.put(byte);
}

TEST(CheckpointFiles, AFlippedBitInAnyByteIsSeen) {
  const TempFolder temp;
  const fs::path folder = write_checkpoint(temp.path(), zero(20));
  const Json state = verify_checkpoint(folder).checkpoint->state;
  for (const char* name : {"manifest.json", "model.safetensors", "optimizer.bin", "sub/note"}) {
    const std::string good = read_file(folder / name);
    for (size_t at = 0; at < good.size(); ++at) {
      overwrite(folder / name, at, char(good[at] ^ 1 << at % 8));
      const CheckedCheckpoint checked = verify_checkpoint(folder);
      // White space of the manifest means nothing: such a flip must change nothing either.
      if (checked.checkpoint) {
        ASSERT_EQ(std::string(name), "manifest.json");
        ASSERT_TRUE(std::isspace(good[at])) << at;
        ASSERT_EQ(checked.checkpoint->state, state);
        ASSERT_EQ(checked.checkpoint->id, zero(20));
      } else {
        ASSERT_EQ(checked.fault.rfind(name, 0), 0u) << checked.fault;
      }
      overwrite(folder / name, at, good[at]);
    }
  }
  EXPECT_TRUE(verify_checkpoint(folder).checkpoint);
}

TEST(CheckpointFiles, EveryTruncationIsSeen) {
  const TempFolder temp;
  const fs::path folder = write_checkpoint(temp.path(), zero(20));
  for (const char* name : {"manifest.json", "model.safetensors", "optimizer.bin", "sub/note"}) {
    const std::string good = read_file(folder / name);
    size_t length = good.size() - (good.back() == '\n');  // the manifest's last newline means nothing
    while (length-- > 0) {
      fs::resize_file(folder / name, length);
      ASSERT_FALSE(verify_checkpoint(folder).checkpoint) << name << " " << length;
    }
    std::ofstream(folder / name, std::ios::binary) << good;
  }
}

TEST(CheckpointFiles, FaultsSayWhichFileAndWhy) {
  const TempFolder temp;
  const fs::path folder = write_checkpoint(temp.path(), zero(20));
  std::ofstream(folder / "model.safetensors") << "short";
  EXPECT_EQ(verify_checkpoint(folder).fault, "model.safetensors: 5 bytes, expected 42");
  fs::remove(folder / "model.safetensors");
  EXPECT_EQ(verify_checkpoint(folder).fault,
            "model.safetensors: cannot be opened: No such file or directory");
  fs::remove(folder / "manifest.json");
  EXPECT_EQ(verify_checkpoint(folder).fault, "manifest.json: cannot be opened: No such file or directory");
  std::ofstream(folder / "manifest.json") << "{\"xxh64\": 1";
  EXPECT_EQ(verify_checkpoint(folder).fault, "manifest.json: torn");
  std::ofstream(folder / "manifest.json") << "{\"xxh64\": \"1\"}";
  EXPECT_EQ(verify_checkpoint(folder).fault, "manifest.json: its checksum is wrong");
  std::ofstream(folder / "manifest.json")
      << Json({{"step", "x"}, {"xxh64", to_hex(xxh64("{\"step\":\"x\"}"))}});
  EXPECT_EQ(verify_checkpoint(folder).fault, "manifest.json: not a checkpoint's");
}

TEST(LatestGood, IsTheNewestByStageAndStep) {
  const TempFolder temp;
  EXPECT_FALSE(latest_good(temp / "checkpoints").checkpoint);
  write_checkpoint(temp.path(), zero(9));
  write_checkpoint(temp.path(), zero(100));
  EXPECT_EQ(latest_good(temp.path()).checkpoint->id, zero(100));
  write_checkpoint(temp.path(), sft(1));
  EXPECT_EQ(latest_good(temp.path()).checkpoint->id, sft(1));
  EXPECT_EQ(latest_good(temp.path(), "zero").checkpoint->id, zero(100));
  EXPECT_FALSE(latest_good(temp.path(), "eval").checkpoint);
  EXPECT_TRUE(latest_good(temp.path()).skipped.empty());
}

TEST(LatestGood, PassesOverTornOnesAndSaysSo) {
  const TempFolder temp;
  for (int64_t step : {10, 20, 30}) write_checkpoint(temp.path(), zero(step));
  std::ofstream(temp / "zero-30/manifest.json") << "{";
  std::ofstream(temp / "zero-20/optimizer.bin") << "?";
  const LatestCheckpoint latest = latest_good(temp.path());
  EXPECT_EQ(latest.checkpoint->id, zero(10));
  ASSERT_EQ(latest.skipped.size(), 2u);
  EXPECT_EQ(latest.skipped[0],
            "checkpoint " + (temp / "zero-30").string() + " is passed over: manifest.json: torn");
  EXPECT_EQ(latest.skipped[1], "checkpoint " + (temp / "zero-20").string() +
                                   " is passed over: optimizer.bin: 1 bytes, expected 42");
  write_checkpoint(temp.path(), zero(30));
  EXPECT_EQ(latest_good(temp.path()).checkpoint->id, zero(30))
      << "a torn one is replaced when its step comes again";
}

TEST(LatestGood, DoesNotMentionTornOnesThatAreOlderOrAnotherStages) {
  const TempFolder temp;
  for (int64_t step : {5, 10}) write_checkpoint(temp.path(), zero(step));
  std::ofstream(temp / "zero-5/manifest.json") << "{";
  fs::create_directories(temp / "zero-b-20");
  EXPECT_TRUE(latest_good(temp.path(), "zero").skipped.empty());
  EXPECT_EQ(latest_good(temp.path(), "zero").checkpoint->id, zero(10));
  EXPECT_EQ(latest_good(temp.path(), "zero-b").skipped.size(), 1u);
  EXPECT_EQ(latest_good(temp.path()).skipped.size(), 1u) << "nobody knows how old zero-b-20 is";
}

TEST(PruneCheckpoints, KeepsTheNewestOfEveryStage) {
  const TempFolder temp;
  for (int64_t step : {5, 10, 100}) write_checkpoint(temp.path(), zero(step));
  for (int64_t step : {1, 2}) write_checkpoint(temp.path(), sft(step));
  fs::create_directories(temp / "zero-7");
  EXPECT_EQ(prune_checkpoints(temp.path(), 2, sft(2)), (std::vector<fs::path>{temp / "zero-5"}));
  EXPECT_EQ(listing(temp.path()), "a-sft-1 a-sft-2 zero-10 zero-100 zero-7");
  prune_checkpoints(temp.path(), 1, sft(2));
  EXPECT_EQ(listing(temp.path()), "a-sft-2 zero-100 zero-7");
  EXPECT_THROW(prune_checkpoints(temp.path(), 0, sft(2)), Error);
}

TEST(PruneCheckpoints, NeverRemovesTheCurrentOneForATornNewerOne) {
  const TempFolder temp;
  for (int64_t step : {20, 30}) write_checkpoint(temp.path(), zero(step));
  std::ofstream(temp / "zero-30/optimizer.bin") << "?";
  write_checkpoint(temp.path(), zero(25));
  prune_checkpoints(temp.path(), 1, zero(25));
  EXPECT_EQ(listing(temp.path()), "zero-25 zero-30");
  EXPECT_EQ(latest_good(temp.path()).checkpoint->id, zero(25));
}

TEST(CheckpointWriter, LeavesNothingWithoutCommit) {
  const TempFolder temp;
  { CheckpointWriter(temp.path(), zero(1)).add("a", {}); }
  EXPECT_EQ(listing(temp.path()), "");
}

TEST(CheckpointWriter, RejectsNamesThatAreNoFileNames) {
  const TempFolder temp;
  for (const char* stage : {"", "a/b", "..", "a b", "."}) {
    EXPECT_THROW(CheckpointWriter(temp.path(), {.stage = stage}), InputError) << stage;
  }
  EXPECT_EQ(listing(temp.path()), "");
}

TEST(CheckpointWriter, AFullDiskIsAnErrorAndTheEarlierOnesStay) {
  const TempFolder temp;
  const std::string result = on_small_disk(temp.path(), "256k", [&] {
    write_checkpoint(temp.path(), zero(1));
    std::string message = "no error";
    try {
      write_checkpoint(temp.path(), zero(2), 200000);
    } catch (const Error& e) {
      message = e.what();
    }
    const LatestCheckpoint latest = latest_good(temp.path());
    return message.substr(message.rfind('/')) + "|" + listing(temp.path()) + "|" +
           std::to_string(latest.checkpoint->id.step);
  });
  if (result == "cannot mount") GTEST_SKIP() << "no right to mount a small file system";
  EXPECT_EQ(result, "/optimizer.bin: cannot be written: No space left on device|zero-1|1");
}

TEST(CheckpointWriter, AKillAtAnyMomentLeavesAWholeNewestOne) {
  const TempFolder temp;
  PhiloxStream random(mix(5, 6));
  int64_t step = 0;
  for (int round = 0; round < 20; ++round) {
    run_and_kill(
        [&](const auto& started) {
          for (int64_t next = step + 1;; ++next) {
            write_checkpoint(temp.path(), zero(next), 10000);
            prune_checkpoints(temp.path(), 2, zero(next));
            started();
          }
        },
        random.below(15000));
    const LatestCheckpoint latest = latest_good(temp.path());
    ASSERT_TRUE(latest.checkpoint);
    ASSERT_TRUE(latest.skipped.empty()) << latest.skipped[0];
    ASSERT_GT(latest.checkpoint->id.step, step);
    step = latest.checkpoint->id.step;
    ASSERT_EQ(latest.checkpoint->state["step"], step);
    ASSERT_EQ(read_file(latest.checkpoint->folder / "sub" / "note"), std::to_string(step));
    remove_leftovers(temp.path());
    ASSERT_EQ(listing(temp.path()).find(".tmp"), std::string::npos);
  }
}

}  // namespace
}  // namespace hone
