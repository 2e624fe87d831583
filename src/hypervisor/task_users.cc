#include "hypervisor/task_users.h"

#include <cstdint>

namespace am::hypervisor {
namespace {

constexpr uid_t kFirstOwnUser = 1'880'000'000;
constexpr std::uint32_t kOwnUsers = 1U
                                    << 26;  // two of a thousand tasks at once meet with a chance of 1 in 134

}  // namespace

uid_t own_user_of(const std::string& pid) {
  std::uint32_t hash = 2'166'136'261U;  // FNV-1a: spread, not secrecy
  for (const char c : pid) hash = (hash ^ static_cast<unsigned char>(c)) * 16'777'619U;
  return kFirstOwnUser + hash % kOwnUsers;
}

}  // namespace am::hypervisor
