// The command line of `am hypervisor`, as values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/task.h"
#include "hypervisor/slot_options.h"

namespace am::hypervisor {

struct HypervisorOptions {
  std::string data_dir;     // run/, workdirs/, venvs/ live below it
  std::string sources_dir;  // the applications' files; empty: <data_dir>/sources
  std::string manager_host = "127.0.0.1";
  std::uint16_t manager_port = 18563;
  std::string secret_file;  // empty: <data_dir>/secret
  std::string listen_host = "127.0.0.1";
  std::uint16_t listen_port = 18564;  // RESOURCE_SERVER_LOCAL_PORT; 0 picks one
  std::string advertise_host;         // where the manager reaches this side; empty: the address it sees
  std::string name;                   // for people; empty: the machine's name
  std::uint32_t capacity = 1000;      // tasks at the same time
  std::uint32_t process_limit = 512;  // processes and threads of one task
  std::vector<std::string> allowed_origins;  // of web pages that may connect to tasks; "*" for all
  std::string ready_file;                    // written once the manager has said welcome
  std::string workdirs_dir;                  // empty: <data_dir>/workdirs
  std::string venvs_dir;                     // empty: <data_dir>/venvs
  std::string image;                         // "none", a root filesystem, or empty: what the installation has
  TaskIsolation isolation = TaskIsolation::shared;  // of tasks whose application does not say
  SlotOptions slots;
  bool sources_writable = false;
  bool outgoing = true;                     // connections of tasks to the network outside
  std::uint32_t descriptor_limit = 16'384;  // open descriptors of one process of a task
  bool stop_tasks_on_exit = false;          // SIGTERM ends the tasks, too
};

}  // namespace am::hypervisor
