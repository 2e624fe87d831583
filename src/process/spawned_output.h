// For tests: what a started program prints.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <string>

#include "base/unique_fd.h"
#include "process/spawn.h"

namespace am::process {

struct Pipe {
  Pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) == 0) {
      read.reset(ends[0]);
      write.reset(ends[1]);
    }
  }
  std::string read_all() {
    write.reset();
    std::string text;
    char buffer[4096];
    for (ssize_t count = 0; (count = ::read(read.get(), buffer, sizeof buffer)) > 0;) {
      text.append(buffer, static_cast<std::size_t>(count));
    }
    return text;
  }
  UniqueFd read, write;
};

inline std::string output_of(SpawnSpec spec) {
  Pipe pipe;
  spec.descriptors.emplace_back(pipe.write.get(), 1);
  auto child = spawn(spec);
  if (!child) return child.error().message;
  std::string text = pipe.read_all();
  child->reap();
  return text;
}

}  // namespace am::process
