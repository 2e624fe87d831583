#include "ipc/interpreter_orders.h"

namespace am::ipc {
namespace {

void append(std::string& order, const std::vector<std::string>& fields) {
  for (const std::string& field : fields) {
    order += '\0';
    order += field;
  }
}

}  // namespace

std::string run_order(const RunCommand& command) {
  std::string order = "run";
  append(order, {command.working_directory});
  append(order, command.argv);
  append(order, command.environment);
  return order;
}

std::string preload_order(const std::vector<std::string>& modules) {
  std::string order = "preload";
  append(order, modules);
  return order;
}

std::string detach_order() { return "detach"; }

std::string fork_order() { return "fork"; }

std::string take_pages_order() { return "take_pages"; }

}  // namespace am::ipc
