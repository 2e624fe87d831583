#include "hypervisor/output_reader.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "base/random.h"

namespace am::hypervisor {
namespace {

using ipc::OutputIndexRecord;
using ipc::OutputStream;

class Reader : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(folder); }
  void TearDown() override { std::filesystem::remove_all(folder); }

  void print(OutputStream stream, const std::string& bytes) {
    std::ofstream(folder + "/output.log", std::ios::app | std::ios::binary) << bytes;
    append({size, static_cast<std::uint32_t>(bytes.size()), stream, 1500});
    size += bytes.size();
  }
  void append(OutputIndexRecord record) {
    std::ofstream(folder + "/output.idx", std::ios::app | std::ios::binary)
        .write(reinterpret_cast<const char*>(&record), sizeof record);
  }
  static std::string line(std::uint64_t offset, std::uint64_t next, const std::string& stream,
                          const std::string& text) {
    return fmt::format(R"({{"offset":{},"next":{},"time":0.001500,"stream":"{}","pid":"p","text":"{}"}})",
                       offset, next, stream, text) +
           "\n";
  }
  std::string all_from(std::uint64_t from) {
    OutputReader reader(folder, "p");
    EXPECT_TRUE(reader.open(from).value());
    std::string lines;
    for (;;) {
      const std::string more = reader.next_records(1 << 20).value();
      if (more.empty()) return lines + reader.last_records();
      lines += more;
    }
  }

  std::string folder = std::filesystem::temp_directory_path() / ("am-reader-" + random_uuid());
  std::uint64_t size = 0;
};

constexpr auto kOut = OutputStream::standard_output;
constexpr auto kErr = OutputStream::standard_error;

TEST_F(Reader, IsNotOpenBeforeTheFirstOutput) {
  OutputReader reader(folder, "p");
  EXPECT_FALSE(reader.open(0).value());
}

TEST_F(Reader, GivesRecordsFromAnyOffset) {
  print(kOut, "one\n");
  print(kErr, "two\n");
  print(kOut, "three\n");
  EXPECT_EQ(all_from(0), line(0, 4, "stdout", "one\\n") + line(4, 8, "stderr", "two\\n") +
                             line(8, 14, "stdout", "three\\n"));
  EXPECT_EQ(all_from(4), line(4, 8, "stderr", "two\\n") + line(8, 14, "stdout", "three\\n"));
  EXPECT_EQ(all_from(10), line(10, 14, "stdout", "ree\\n"));
  EXPECT_EQ(all_from(14), "");
}

TEST_F(Reader, FollowsWhatIsAppended) {
  print(kOut, "one");
  OutputReader reader(folder, "p");
  ASSERT_TRUE(reader.open(0).value());
  EXPECT_EQ(reader.next_records(100).value(), line(0, 3, "stdout", "one"));
  EXPECT_EQ(reader.next_records(100).value(), "");
  append({3, 0, kOut, 1500});  // the observer is about to move bytes
  EXPECT_EQ(reader.next_records(100).value(), "");
}

TEST_F(Reader, WaitsForAnOffsetThatIsNotPrintedYet) {
  print(kOut, "one");
  OutputReader reader(folder, "p");
  ASSERT_TRUE(reader.open(5).value());
  print(kOut, "four");
  EXPECT_EQ(reader.next_records(100).value(), line(5, 7, "stdout", "ur"));
}

TEST_F(Reader, JoinsACharacterAcrossAnotherStreamAndFromEveryStart) {
  print(kOut, "a\xe2\x82");
  print(kErr, "e");
  print(kOut, "\xac!");
  EXPECT_EQ(all_from(0), line(0, 3, "stdout", "a") + line(3, 4, "stderr", "e") + line(1, 6, "stdout", "€!"));
  EXPECT_EQ(all_from(3), line(3, 4, "stderr", "e") + line(1, 6, "stdout", "€!"));
  EXPECT_EQ(all_from(4), line(1, 6, "stdout", "€!"));
}

TEST_F(Reader, EndsAnUnfinishedCharacterWithAReplacement) {
  print(kOut, "a\xe2\x82");
  EXPECT_EQ(all_from(0), line(0, 3, "stdout", "a") + line(1, 3, "stdout", "\xef\xbf\xbd"));
}

TEST_F(Reader, CutsLongPieces) {
  print(kOut, std::string(100'000, 'x'));
  const std::string lines = all_from(0);
  EXPECT_EQ(std::ranges::count(lines, '\n'), 2);
  EXPECT_NE(lines.find("\"next\":65536,"), std::string::npos);
}

TEST_F(Reader, TellsOfAGapWithoutCountingItsBytes) {
  print(kOut, "a");
  append({1, 500, OutputStream::gap, 1500});
  print(kOut, "b");
  EXPECT_EQ(all_from(0), line(0, 1, "stdout", "a") +
                             line(1, 1, "system", "500 bytes of output could not be stored (disk full)\\n") +
                             line(1, 2, "stdout", "b"));
}

TEST_F(Reader, GivesRawBytesOfOneStreamOrBoth) {
  print(kOut, std::string("a\xff\0b", 4));
  print(kErr, "e");
  print(kOut, "c");
  const auto raw = [this](std::optional<OutputStream> stream) {
    OutputReader reader(folder, "p");
    EXPECT_TRUE(reader.open(0).value());
    return reader.next_raw(stream, 100).value();
  };
  EXPECT_EQ(raw(kOut), std::string("a\xff\0bc", 5));
  EXPECT_EQ(raw(kErr), "e");
  EXPECT_EQ(raw(std::nullopt), std::string("a\xff\0bec", 6));
}

}  // namespace
}  // namespace am::hypervisor
