// The command line of `am hypervisor`, as values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

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
  bool stop_tasks_on_exit = false;           // SIGTERM ends the tasks, too
};

}  // namespace am::hypervisor
