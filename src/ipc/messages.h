// What manager, hypervisor and observer say to each other. docs/PROTOCOL.md is the public description; the
// golden vectors in src/ipc/vectors.txt pin the bytes. Fields are only ever appended.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/task.h"

namespace am::ipc {

inline constexpr std::uint32_t kProtocolVersion = 1;

// --- manager <-> hypervisor: the handshake (docs/PROTOCOL.md, "Handshake")
// ---------------------------------------

// Manager, first on every connection.
struct Challenge {
  std::uint32_t protocol_version = kProtocolVersion;
  std::string product_version;
  std::string nonce;  // 43 random characters
};

// What `am venv list` shows of one virtual environment.
struct VenvInfo {
  std::string name;
  std::string python_version;         // "3.11.2"
  std::vector<std::string> packages;  // "aiohttp 3.9.1"
  std::string note;                   // empty, or what differs from the pinned set and why
};

// Hypervisor's answer.
struct Hello {
  std::uint32_t protocol_version = kProtocolVersion;
  std::string product_version;
  std::string hypervisor_id;   // stable across restarts
  std::string name;            // the machine's name, for people
  std::uint32_t capacity = 0;  // tasks at the same time
  std::string http_host;  // where its HTTP side is reached, seen from the manager; empty: the peer's address
  std::uint16_t http_port = 0;
  std::string http_token;  // bearer token for that side, new on every start of the hypervisor
  std::string nonce;
  std::string proof;  // keyed_hash(secret, "hypervisor:" + challenge nonce)
  std::vector<VenvInfo> venvs;
};

// Manager accepts...
struct Welcome {
  std::string manager_id;
  std::uint32_t heartbeat_ms = 2000;  // each side sends at least this often
  std::string proof;                  // keyed_hash(secret, "manager:" + hello nonce)
  std::uint16_t http_port = 0;        // its HTTP side, on the host that was dialled
  std::string socket_token;           // bearer token for /api/v1/tasks/<pid>/socket, new on every start
};

// ...or not, and closes.
struct Reject {
  std::string code;  // "bad_secret", "version", "duplicate"
  std::string message;
};

// --- manager <-> hypervisor: tasks
// ---------------------------------------------------------------------------------

// Hypervisor, right after Welcome: every task it holds that is not over. Ends that the manager has not
// acknowledged follow as TaskEnded.
struct Inventory {
  std::vector<std::string> running;  // pids
};

// Everything about a run that is known before it. The intent on disk and the order to start are the same
// value.
struct TaskSpec {
  std::string pid;
  std::string parent_pid;  // empty: none
  std::string application_id;
  std::string application_dir;  // the folder's name below sources/: "Manual-N9IBvh"
  std::string script_path;      // relative to it
  std::string script_params;    // a JSON object as text
  std::string owner;
  std::string venv = "default";
  TaskLimits limits;
  TaskIsolation isolation = TaskIsolation::by_default;

  bool operator==(const TaskSpec&) const = default;
};

struct StartTask {  // manager; idempotent by pid
  TaskSpec spec;
};
struct TaskStarted {  // hypervisor
  std::string pid;
  std::int64_t started_ms = 0;  // wall clock
};
struct StopTask {  // manager
  std::string pid;
  std::string by;  // who, for the outcome's message
};
struct TaskEnd {  // how it was, in one value: exit.json, the observer's last word, and the report to the
                  // manager
  TaskOutcome outcome;
  TaskUsage usage;
  std::int64_t started_ms = 0;  // 0: never started
  std::int64_t finished_ms = 0;

  bool operator==(const TaskEnd&) const = default;
};
struct TaskEnded {  // hypervisor; repeated after a reconnect until acknowledged
  std::string pid;
  TaskEnd end;
};
struct TaskEndedAck {  // manager, once it is in the store
  std::string pid;
};
struct Heartbeat {            // both
  std::uint32_t running = 0;  // hypervisor: its load
};

// --- manager <-> hypervisor: what tasks ask for and are told
// -------------------------------------------------------

// Hypervisor: a request of a task, as it came from its socket. Repeated after a reconnect.
struct TaskRequest {
  std::uint64_t request_id = 0;  // one connection's, chosen by the hypervisor
  std::string pid;               // who asks; empty: the hypervisor itself
  std::string body;              // a JSON object
};
struct TaskAnswer {  // manager
  std::uint64_t request_id = 0;
  std::string body;  // a JSON object, as the task gets it
};
struct CancelRequest {  // hypervisor: nobody waits for the answer any more
  std::uint64_t request_id = 0;
};
struct TaskMessage {  // manager; repeated after a reconnect until it is taken
  std::string pid;
  std::uint64_t sequence = 0;
  std::string json;
};
struct MessageTaken {  // hypervisor: the task has read that message
  std::string pid;
  std::uint64_t sequence = 0;
};
struct TaskStatus {  // hypervisor: the newest one counts; repeated after a reconnect
  std::string pid;
  std::string text;
  double progress = -1;  // 0 to 1; below 0: none
};

// --- hypervisor <-> observer, on the task's observer.sock
// ----------------------------------------------------------

// A folder of this machine as a place inside a task container.
struct ContainerFolder {
  std::string source;  // absolute, on this machine; empty: a new one in memory, which its users cannot list
  std::string place;   // absolute, inside
  bool writable = false;
  bool owned_by_task = false;  // shows the files of the source's owner as the task user's own
};
// Hypervisor to am-container, once: what to make. All paths absolute.
struct ContainerSpec {
  std::string image;   // the root filesystem
  std::string folder;  // for what the container writes; a socket `alive` in it says that the container lives
  std::uint32_t user = 0;  // the tasks' user and group
  std::string host_name;
  std::string name_server;  // for /etc/resolv.conf; empty: none
  std::string time_zone;    // "Europe/Berlin"; empty: the image's own
  std::vector<ContainerFolder> folders;
};
// am-container: the container stands, or not.
struct ContainerReady {
  std::string failure;  // empty: it stands
  std::string note;     // what this machine's kernel or filesystem cannot do, and what that means
};

// Hypervisor to a fresh observer, once: what to run. All paths absolute.
struct RunCommand {
  std::string pid;
  std::vector<std::string> argv;
  std::vector<std::string> environment;  // "NAME=value"
  std::string working_directory;
  TaskLimits limits;
  std::uint32_t process_limit = 0;  // processes and threads of the tree at once; 0: none
  std::uint32_t grace_ms = 2000;    // between TERM and KILL
  std::string script_file;          // checked before the start, for a clear failed_to_start
  // Where the task's control groups are made; empty where a controller is not to be had (process/cgroup.h).
  std::string cgroup_memory;
  std::string cgroup_pids;
  std::string cgroup_unified;
  // In a task container, whose first process the observer has as descriptor 4 (a pidfd): the user and the
  // system calls that are refused (struct sock_filter[]). 0: no container.
  std::uint32_t user = 0;
  std::string seccomp_filter;
  std::uint32_t descriptor_limit = 0;  // open descriptors of a process; 0: the observer's own limit
  // For an isolated task: a container of its own, which shares the network of descriptor 4's.
  std::string container_program;
  std::optional<ContainerSpec> own_container;
  std::string group;  // the name of the task's control groups; empty: its pid
};
// Hypervisor to a fresh observer instead of a RunCommand, which follows once there is a task: start the
// interpreter of `command` beforehand. Its script is a placeholder, its pid and group are the slot's own.
struct PrepareSlot {
  RunCommand command;
  // Not empty: a launcher forks the interpreter, on the socket that the observer has as descriptor 5; this is
  // the folder of the container in which that happens.
  std::string container_folder;
};
// Hypervisor: meanwhile the interpreter imports these modules; a SlotReady follows.
struct Preload {
  std::vector<std::string> modules;
};
struct SlotReady {};  // observer: the interpreter waits for its script
// Observer: after every change, and once on each new connection.
struct ObserverStatus {
  TaskState state = TaskState::starting;
  std::int64_t started_ms = 0;
  std::uint64_t output_bytes = 0;  // readable in output.log
  std::int64_t process_id = 0;     // of the task's first process, 0 before
  std::int64_t observer_id = 0;    // its own; all processes of the task descend from it
};
// Observer to a container's first process, on its socket `alive`: a child of that one, by its number inside.
// What became of it is answered at once and, if it lives, once more when it has ended.
struct WatchProcess {
  std::int64_t process_id = 0;
};
struct ProcessState {
  std::int64_t process_id = 0;
  bool lives = false;
  // How it ended; neither when it is no child.
  std::optional<std::int32_t> exit_code;
  std::optional<std::int32_t> signal;
};
struct StopCommand {  // hypervisor
  std::string by;
};
struct EndReport {  // observer, last; exit.json is on disk before it is sent
  TaskEnd end;
};

using Message =
    std::variant<Challenge, Hello, Welcome, Reject, Inventory, StartTask, TaskStarted, StopTask, TaskEnded,
                 TaskEndedAck, Heartbeat, TaskRequest, TaskAnswer, CancelRequest, TaskMessage, MessageTaken,
                 TaskStatus, RunCommand, ObserverStatus, StopCommand, EndReport, ContainerSpec,
                 ContainerReady, PrepareSlot, SlotReady, Preload, WatchProcess, ProcessState>;

}  // namespace am::ipc
