// Running a little Python for the platform itself, in the place of tasks and with no more rights than theirs:
// what lies in a virtual environment is the tasks' own.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/error.h"
#include "process/cgroup.h"
#include "process/confinement.h"

namespace am::hypervisor {

struct InterpreterPlace {
  std::string venvs;                 // the folder of the environments as it is seen there
  process::Confinement confinement;  // none: the machine itself
  process::CgroupFolders cgroups;
};

// Runs `python -I -c code arguments…` and gives what it prints, at most 1 MiB. Not longer than `at_most`;
// nothing that it started lives on.
Result<std::string> run_python(const InterpreterPlace& place, const std::string& python,
                               const std::string& code, const std::vector<std::string>& arguments,
                               std::chrono::milliseconds at_most);

}  // namespace am::hypervisor
