#include "cli/table.h"

#include <gtest/gtest.h>

namespace am::cli {
namespace {

TEST(Table, AlignsColumnsByCharacters) {
  Table table({"NAME", "STATE"});
  table.add({"Пример", "ok"});
  table.add({"a", ""});
  EXPECT_EQ(table.text(),
            "NAME    STATE\n"
            "Пример  ok\n"
            "a\n");
}

TEST(Table, ShowsControlCharactersAsMarks) {
  Table table({"NAME"});
  table.add({"a\x1b[2Jb\n"});
  EXPECT_EQ(table.text(), "NAME\na?[2Jb?\n");
}

TEST(AlignedFields, PutsValuesInOneColumn) {
  EXPECT_EQ(aligned_fields({{"pid", "1"}, {"state", "running"}}), "pid:    1\nstate:  running\n");
}

}  // namespace
}  // namespace am::cli
