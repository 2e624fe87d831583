// How many interpreters wait for tasks, and with which modules.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace am::hypervisor {

struct SlotOptions {
  std::uint32_t size = 4;  // of the default environment, ready while nothing happens; 0: none at all
  std::vector<std::string> preload = {"asyncio", "aiohttp"};  // for scripts that name one of them
  std::uint64_t memory_mb = 256;                              // of all that wait in one pool
};

}  // namespace am::hypervisor
