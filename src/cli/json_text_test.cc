#include "cli/json_text.h"

#include <gtest/gtest.h>

namespace am::cli {
namespace {

TEST(JsonText, WritesNumbersAsPeopleDo) {
  const std::string text = R"({"a":0.1,"b":[1,-2.5,{"c":"x\n\"y\""},[]],"d":{},"e":null,"f":true,"{":"{"})";
  EXPECT_EQ(json_text(boost::json::parse(text)), text);
  EXPECT_EQ(json_text(boost::json::parse("1E3")), "1000");
}

}  // namespace
}  // namespace am::cli
