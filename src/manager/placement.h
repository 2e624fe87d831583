// Which hypervisor takes a task. The one place that knows the rule, behind one interface.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace am::manager {

// What a decision looks at.
struct HypervisorLoad {
  std::string id;
  std::uint32_t capacity = 0;  // tasks at the same time
  std::uint32_t running = 0;   // tasks that are assigned to it and not over
  std::vector<std::string> venvs;
};

class Placement {
 public:
  virtual ~Placement() = default;
  // The id of the hypervisor that takes a task for the virtual environment `venv`; nothing while all that
  // could are full; unavailable when none could, with the reason.
  [[nodiscard]] virtual Result<std::optional<std::string>> choose(
      std::string_view venv, std::span<const HypervisorLoad> connected) const = 0;
};

// The smallest share of its capacity in use; the first of equals.
class LeastLoaded : public Placement {
 public:
  [[nodiscard]] Result<std::optional<std::string>> choose(
      std::string_view venv, std::span<const HypervisorLoad> connected) const override;
};

}  // namespace am::manager
