#include "app/slot_arguments.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace am::app {

void add_slot_options(CLI::App& command, hypervisor::SlotOptions& options) {
  command
      .add_option("--slots", options.size,
                  "Interpreters that are prepared beforehand and wait for tasks, about 10 MB each; 0: none")
      ->type_name("N")
      ->check(CLI::Range(0, 1000))
      ->capture_default_str();
  command
      .add_option("--slots-memory", options.memory_mb,
                  "What those of one kind may take together; their number grows with the load up to that")
      ->type_name("MB")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  command
      .add_option_function<std::string>(
          "--preload",
          [&options](const std::string& names) {
            options.preload.clear();
            for (const std::string& name : CLI::detail::split(names, ',')) {
              if (!name.empty()) options.preload.push_back(name);
            }
          },
          "Modules that are imported beforehand for scripts that name one of them, separated by commas; "
          "\"\": "
          "none")
      ->type_name("MODULES")
      ->default_str(fmt::format("{}", fmt::join(options.preload, ",")));
}

std::vector<std::string> slot_arguments(const hypervisor::SlotOptions& options) {
  return {"--slots",        fmt::format("{}", options.size),
          "--slots-memory", fmt::format("{}", options.memory_mb),
          "--preload",      fmt::format("{}", fmt::join(options.preload, ","))};
}

}  // namespace am::app
