// The record of output.idx: what lies where in output.log. The observer writes it, the hypervisor reads it;
// both files only grow. Native byte order: neither leaves the machine.
#pragma once

#include <cstdint>

namespace am::ipc {

enum class OutputStream : std::uint32_t {
  standard_output = 0,
  standard_error = 1,
  gap = 2,  // `length` bytes were printed and could not be stored (disk full); they are not in output.log
};

struct OutputIndexRecord {
  std::uint64_t offset = 0;  // of the first byte, in output.log
  std::uint32_t length = 0;  // bytes; 0 while the observer still moves them (or died while it did)
  OutputStream stream = OutputStream::standard_output;
  std::uint64_t time_us = 0;  // since the task's start
};
static_assert(sizeof(OutputIndexRecord) == 24);

}  // namespace am::ipc
