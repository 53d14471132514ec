#include "core/files.h"

#include <gtest/gtest.h>

#include <fstream>

#include "core/error.h"
#include "core/philox.h"
#include "tests/core/disk_limits.h"
#include "tests/core/temp_folder.h"

namespace hone {
namespace {

namespace fs = std::filesystem;

template <class Use>
std::string error_of(const Use& use) {
  try {
    use();
  } catch (const Error& e) {
    return e.what();
  }
  return "no error";
}

TEST(ReadFile, GivesAllBytes) {
  const TempFolder temp;
  const std::string text = std::string("a\0b\r\n", 5) + std::string(200000, 'x');
  std::ofstream(temp / "f", std::ios::binary) << text;
  EXPECT_EQ(read_file(temp / "f"), text);
  EXPECT_EQ(read_file("/proc/self/comm").empty(), false) << "a file whose size is not known beforehand";
}

TEST(ReadFile, NamesWhatCannotBeRead) {
  const TempFolder temp;
  EXPECT_THROW(read_file(temp / "absent"), InputError);
  EXPECT_EQ(error_of([&] { read_file(temp / "absent"); }),
            (temp / "absent").string() + ": cannot be opened: No such file or directory");
  EXPECT_EQ(error_of([&] { read_file(temp.path()); }),
            temp.path().string() + ": cannot be read: Is a directory");
}

TEST(AtomicFile, ReplacesWhenCommittedAndNotBefore) {
  const TempFolder temp;
  write_file_atomic(temp / "f", "old");
  {
    AtomicFile file(temp / "f");
    file.write("n");
    file.write("ew");
    EXPECT_EQ(read_file(temp / "f"), "old");
    file.commit();
  }
  EXPECT_EQ(read_file(temp / "f"), "new");
  EXPECT_EQ(listing(temp.path()), "f");
}

TEST(AtomicFile, LeavesNothingWhenItIsNotCommitted) {
  const TempFolder temp;
  write_file_atomic(temp / "f", "old");
  { AtomicFile(temp / "f").write("new"); }
  { AtomicFile(temp / "g").write("new"); }
  EXPECT_EQ(read_file(temp / "f"), "old");
  EXPECT_EQ(listing(temp.path()), "f");
}

TEST(AtomicFile, AFailedWriteLeavesTheOldFileAndNothingElse) {
  const TempFolder temp;
  write_file_atomic(temp / "f", "old");
  std::string message;
  {
    const FileSizeLimit limit(1000);
    message = error_of([&] { write_file_atomic(temp / "f", std::string(3000, 'x')); });
  }
  EXPECT_EQ(message, (temp / "f").string() + ": cannot be written: File too large");
  EXPECT_EQ(read_file(temp / "f"), "old");
  EXPECT_EQ(listing(temp.path()), "f");
}

TEST(AtomicFile, AFullDiskLeavesTheOldFileAndNothingElse) {
  const TempFolder temp;
  const std::string result = on_small_disk(temp.path(), "64k", [&] {
    write_file_atomic(temp / "f", "old");
    const std::string message = error_of([&] { write_file_atomic(temp / "f", std::string(200000, 'x')); });
    return message + "|" + read_file(temp / "f") + "|" + listing(temp.path());
  });
  if (result == "cannot mount") GTEST_SKIP() << "no right to mount a small file system";
  EXPECT_EQ(result, (temp / "f").string() + ": cannot be written: No space left on device|old|f");
}

TEST(AtomicFile, AFolderThatIsNotThereIsAnError) {
  const TempFolder temp;
  EXPECT_EQ(error_of([&] { write_file_atomic(temp / "no/f", "x"); }),
            (temp / "no/f").string() + ": cannot be written: No such file or directory");
}

TEST(AtomicFile, IsWholeAfterAKillAtAnyMoment) {
  const TempFolder temp;
  PhiloxStream random(mix(1, 2));
  for (int round = 0; round < 30; ++round) {
    run_and_kill(
        [&](const auto& started) {
          for (int version = round;; ++version) {
            write_file_atomic(temp / "f",
                              std::string(size_t(version % 20) * 20000 + 1, char('a' + version % 20)));
            started();
          }
        },
        random.below(10000));
    const std::string text = read_file(temp / "f");
    ASSERT_FALSE(text.empty());
    ASSERT_EQ(text, std::string(size_t(text[0] - 'a') * 20000 + 1, text[0]));
  }
  remove_leftovers(temp.path());
  EXPECT_EQ(listing(temp.path()), "f");
}

TEST(AtomicFolder, AppearsWholeWhenCommitted) {
  const TempFolder temp;
  {
    AtomicFolder folder(temp / "c");
    std::ofstream(folder.folder() / "a") << "1";
    fs::create_directories(folder.folder() / "sub");
    std::ofstream(folder.folder() / "sub" / "b") << "2";
    EXPECT_FALSE(fs::exists(temp / "c"));
    folder.commit();
  }
  EXPECT_EQ(listing(temp.path()), "c");
  EXPECT_EQ(read_file(temp / "c" / "sub" / "b"), "2");
}

TEST(AtomicFolder, ReplacesAnOlderOne) {
  const TempFolder temp;
  for (const char* name : {"old", "new"}) {
    AtomicFolder folder(temp / "c");
    std::ofstream(folder.folder() / name) << name;
    folder.commit();
  }
  EXPECT_EQ(listing(temp / "c"), "new");
  EXPECT_EQ(listing(temp.path()), "c");
}

TEST(AtomicFolder, LeavesNothingWhenItIsNotCommitted) {
  const TempFolder temp;
  {
    const AtomicFolder folder(temp / "c");
    std::ofstream(folder.folder() / "a") << "1";
  }
  EXPECT_EQ(listing(temp.path()), "");
}

TEST(AtomicFolder, IsWholeAfterAKillAtAnyMoment) {
  const TempFolder temp;
  PhiloxStream random(mix(3, 4));
  for (int round = 0; round < 30; ++round) {
    run_and_kill(
        [&](const auto& started) {
          for (int version = 0;; ++version) {
            AtomicFolder folder(temp / ("c" + std::to_string(version % 3)));
            for (const char* name : {"a", "b", "c"}) std::ofstream(folder.folder() / name) << version;
            folder.commit();
            started();
          }
        },
        random.below(10000));
    for (const auto& entry : fs::directory_iterator(temp.path())) {
      if (entry.path().filename().string()[0] == '.') continue;
      ASSERT_EQ(listing(entry.path()), "a b c");
      ASSERT_EQ(read_file(entry.path() / "a"), read_file(entry.path() / "b"));
      ASSERT_EQ(read_file(entry.path() / "a"), read_file(entry.path() / "c"));
    }
  }
  remove_leftovers(temp.path());
  EXPECT_EQ(listing(temp.path()).find(".tmp"), std::string::npos) << listing(temp.path());
}

TEST(AtomicFolder, AKilledReplacementLeavesTheOldOneOrTheNewOne) {
  const TempFolder temp;
  const auto write = [&](int version) {
    AtomicFolder folder(temp / "model");
    for (const char* name : {"a", "b"}) std::ofstream(folder.folder() / name) << version;
    folder.commit();
  };
  write(0);
  PhiloxStream random(mix(5, 6));
  for (int round = 0; round < 30; ++round) {
    run_and_kill(
        [&](const auto& started) {
          for (int version = 1;; ++version) write(version), started();
        },
        random.below(10000));
    ASSERT_TRUE(fs::exists(temp / "model" / "a"));  // it is never away
    ASSERT_EQ(read_file(temp / "model" / "a"), read_file(temp / "model" / "b"));
  }
}

TEST(AppendFile, GoesOnWhereItIsCut) {
  const TempFolder temp;
  {
    AppendFile file(temp / "log", 0);
    file.append("one\n");
    file.append("two\n");
    file.sync();
    EXPECT_EQ(file.size(), 8u);
    EXPECT_EQ(read_file(temp / "log"), "one\ntwo\n") << "there at once, not only when the file is closed";
  }
  AppendFile file(temp / "log", 4);
  EXPECT_EQ(file.size(), 4u);
  file.append("three\n");
  EXPECT_EQ(read_file(temp / "log"), "one\nthree\n");
}

TEST(AppendFile, OneThatIsTooShortIsBadInput) {
  const TempFolder temp;
  std::ofstream(temp / "log") << "abc";
  EXPECT_THROW(AppendFile(temp / "log", 4), InputError);
  EXPECT_EQ(error_of([&] { AppendFile(temp / "log", 4); }),
            (temp / "log").string() + ": holds 3 bytes, expected at least 4: it was cut or replaced");
  EXPECT_EQ(read_file(temp / "log"), "abc");
}

TEST(AppendFile, AFailedAppendLeavesTheFileAsItWas) {
  const TempFolder temp;
  AppendFile file(temp / "log", 0);
  file.append("abc\n");
  std::string message;
  {
    const FileSizeLimit limit(10);
    message = error_of([&] { file.append("0123456789\n"); });
  }
  EXPECT_EQ(message, (temp / "log").string() + ": cannot be written: File too large");
  EXPECT_EQ(read_file(temp / "log"), "abc\n");
  file.append("def\n");
  EXPECT_EQ(read_file(temp / "log"), "abc\ndef\n");
}

TEST(RemoveAtomic, RemovesFilesAndFolders) {
  const TempFolder temp;
  fs::create_directories(temp / "d" / "e");
  std::ofstream(temp / "f") << "x";
  remove_atomic(temp / "d");
  remove_atomic(temp / "f");
  EXPECT_EQ(listing(temp.path()), "");
  EXPECT_THROW(remove_atomic(temp / "absent"), Error);
}

TEST(CreateFolders, NamesWhatStandsInTheWay) {
  const TempFolder temp;
  std::ofstream(temp / "f") << "x";
  create_folders(temp / "a" / "b");
  create_folders(temp / "a" / "b");
  EXPECT_TRUE(fs::is_directory(temp / "a" / "b"));
  EXPECT_EQ(error_of([&] { create_folders(temp / "f" / "b"); }),
            (temp / "f" / "b").string() + ": cannot be made: Not a directory");
}

}  // namespace
}  // namespace hone
