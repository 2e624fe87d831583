#include "ipc/interpreter_orders.h"

#include <gtest/gtest.h>

namespace am::ipc {
namespace {

using namespace std::string_literals;

TEST(InterpreterOrders, RunNamesFolderProgramScriptAndEnvironment) {
  RunCommand command;
  command.argv = {"/venvs/default/bin/python", "/sources/App-1/main.py"};
  command.environment = {"A=1", "B="};
  command.working_directory = "/workdirs/p1";
  EXPECT_EQ(run_order(command),
            "run\0/workdirs/p1\0/venvs/default/bin/python\0/sources/App-1/main.py\0A=1\0B="s);
}

TEST(InterpreterOrders, PreloadNamesModules) {
  EXPECT_EQ(preload_order({"asyncio", "aiohttp"}), "preload\0asyncio\0aiohttp"s);
  EXPECT_EQ(preload_order({}), "preload");
}

TEST(InterpreterOrders, TheOthersAreOneWord) {
  EXPECT_EQ(detach_order(), "detach");
  EXPECT_EQ(fork_order(), "fork");
  EXPECT_EQ(take_pages_order(), "take_pages");
}

}  // namespace
}  // namespace am::ipc
