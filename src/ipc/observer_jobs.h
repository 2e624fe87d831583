// What goes over the jobs socket of an observer, seqpackets (docs/PROTOCOL.md, "Hypervisor and observer").
#pragma once

#include <string_view>

namespace am::ipc {

// A job from the hypervisor is one letter for each descriptor that comes with it, in their order.
enum class JobDescriptor : char {
  control = 'c',    // the connected socket on which the order follows
  folder = 'f',     // the task's, or a slot's
  container = 'p',  // a pidfd of the task container's first process; none: the task runs outside of any
  launcher = 'l',   // the socket of one that forks the interpreter, where the order says so
};

// The observer's answer once nothing is left of a job and it can take another.
inline constexpr std::string_view kObserverIsFree = "free";

}  // namespace am::ipc
