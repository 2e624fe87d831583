#include "app/slot_arguments.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>

namespace am::app {
namespace {

using hypervisor::SlotOptions;

bool is_module_name(const std::string& name) {
  const auto fits = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c == '.' || c >= 0x80; };
  return std::isdigit(static_cast<unsigned char>(name.front())) == 0 && name.front() != '.' &&
         name.back() != '.' && std::ranges::all_of(name, fits);
}

// "MODULE,MODULE", or "ENVIRONMENT=MODULE,MODULE".
void add_preload(const std::string& given, SlotOptions& options) {
  const std::size_t equals = given.find('=');
  SlotOptions::Modules modules;
  for (const std::string& name : CLI::detail::split(given.substr(equals + 1), ',')) {
    if (name.empty()) continue;
    if (!is_module_name(name))
      throw CLI::ValidationError("--preload", fmt::format("\"{}\" is no name of a module", name));
    modules.push_back(name);
  }
  if (equals == 0)
    throw CLI::ValidationError("--preload", fmt::format("\"{}\" names no environment before the =", given));
  if (equals == std::string::npos) {
    options.preload = std::move(modules);
  } else {
    options.preload_of[given.substr(0, equals)] = std::move(modules);
  }
}

}  // namespace

void add_slot_options(CLI::App& command, SlotOptions& options) {
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
      .add_option_function<std::vector<std::string>>(
          "--preload",
          [&options](const std::vector<std::string>& all) {
            for (const std::string& given : all) add_preload(given, options);
          },
          "Modules that are imported beforehand for scripts that name one of them, separated by commas; "
          "\"\": "
          "none. Once more with ENVIRONMENT= in front for a virtual environment that is to have others")
      ->type_name("[ENVIRONMENT=]MODULES")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->default_str(fmt::format("{}", fmt::join(options.preload, ",")));
}

std::vector<std::string> slot_arguments(const SlotOptions& options) {
  std::vector<std::string> arguments = {"--slots",        fmt::format("{}", options.size),
                                        "--slots-memory", fmt::format("{}", options.memory_mb),
                                        "--preload",      fmt::format("{}", fmt::join(options.preload, ","))};
  for (const auto& [venv, modules] : options.preload_of) {
    arguments.emplace_back("--preload");
    arguments.push_back(fmt::format("{}={}", venv, fmt::join(modules, ",")));
  }
  return arguments;
}

}  // namespace am::app
