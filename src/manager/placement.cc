#include "manager/placement.h"

#include <algorithm>

namespace am::manager {
namespace {

// running / capacity, compared without a division.
bool less_loaded(const HypervisorLoad& a, const HypervisorLoad& b) {
  return std::uint64_t{a.running} * b.capacity < std::uint64_t{b.running} * a.capacity;
}

}  // namespace

Result<std::optional<std::string>> LeastLoaded::choose(std::string_view venv,
                                                       std::span<const HypervisorLoad> connected) const {
  if (connected.empty()) {
    return fail(ErrorCode::unavailable,
                "no hypervisor is connected; start one (am hypervisor, or am up) and try again");
  }
  bool known = false;
  const HypervisorLoad* best = nullptr;
  for (const HypervisorLoad& hypervisor : connected) {
    if (std::ranges::find(hypervisor.venvs, venv) == hypervisor.venvs.end()) continue;
    known = true;
    if (hypervisor.running >= hypervisor.capacity) continue;
    if (best == nullptr || less_loaded(hypervisor, *best)) best = &hypervisor;
  }
  if (!known) {
    return fail(ErrorCode::unavailable, "no connected hypervisor has the virtual environment \"{}\"", venv);
  }
  if (best == nullptr) return std::nullopt;
  return best->id;
}

}  // namespace am::manager
