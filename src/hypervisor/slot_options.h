// How many interpreters wait for tasks, and with which modules.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace am::hypervisor {

struct SlotOptions {
  std::uint32_t size = 4;  // of the default environment, ready while nothing happens; 0: none at all
  using Modules = std::vector<std::string>;
  Modules preload = {"asyncio", "aiohttp"};   // for scripts that name one of them
  std::map<std::string, Modules> preload_of;  // instead of those, by environment
  std::uint64_t memory_mb = 256;              // of all that wait in one pool
};

}  // namespace am::hypervisor
