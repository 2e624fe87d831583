// The fields of every message in wire order. Only ever append: an older reader skips what it does not know, a
// newer one takes defaults for what is missing.
#pragma once

#include <tuple>

#include "ipc/messages.h"

namespace am::ipc {

template <typename T>
inline constexpr auto kFields = nullptr;  // specialised below for each struct that travels

template <>
inline constexpr auto kFields<TaskOutcome> =
    std::tuple{&TaskOutcome::kind, &TaskOutcome::exit_code, &TaskOutcome::signal, &TaskOutcome::message};
template <>
inline constexpr auto kFields<TaskLimits> = std::tuple{&TaskLimits::timeout_sec, &TaskLimits::memory_mb};
template <>
inline constexpr auto kFields<TaskUsage> =
    std::tuple{&TaskUsage::cpu_sec, &TaskUsage::memory_peak_mb, &TaskUsage::output_bytes};

template <>
inline constexpr auto kFields<VenvInfo> =
    std::tuple{&VenvInfo::name, &VenvInfo::python_version, &VenvInfo::packages, &VenvInfo::note};
template <>
inline constexpr auto kFields<Challenge> =
    std::tuple{&Challenge::protocol_version, &Challenge::product_version, &Challenge::nonce};
template <>
inline constexpr auto kFields<Hello> = std::tuple{&Hello::protocol_version,
                                                  &Hello::product_version,
                                                  &Hello::hypervisor_id,
                                                  &Hello::name,
                                                  &Hello::capacity,
                                                  &Hello::http_host,
                                                  &Hello::http_port,
                                                  &Hello::http_token,
                                                  &Hello::nonce,
                                                  &Hello::proof,
                                                  &Hello::venvs};
template <>
inline constexpr auto kFields<Welcome> =
    std::tuple{&Welcome::manager_id, &Welcome::heartbeat_ms, &Welcome::proof, &Welcome::http_port,
               &Welcome::socket_token};
template <>
inline constexpr auto kFields<Reject> = std::tuple{&Reject::code, &Reject::message};

template <>
inline constexpr auto kFields<Inventory> = std::tuple{&Inventory::running};
template <>
inline constexpr auto kFields<TaskSpec> = std::tuple{
    &TaskSpec::pid,         &TaskSpec::parent_pid,    &TaskSpec::application_id, &TaskSpec::application_dir,
    &TaskSpec::script_path, &TaskSpec::script_params, &TaskSpec::owner,          &TaskSpec::venv,
    &TaskSpec::limits,      &TaskSpec::isolation};
template <>
inline constexpr auto kFields<StartTask> = std::tuple{&StartTask::spec};
template <>
inline constexpr auto kFields<TaskStarted> = std::tuple{&TaskStarted::pid, &TaskStarted::started_ms};
template <>
inline constexpr auto kFields<StopTask> = std::tuple{&StopTask::pid, &StopTask::by};
template <>
inline constexpr auto kFields<TaskEnd> =
    std::tuple{&TaskEnd::outcome, &TaskEnd::usage, &TaskEnd::started_ms, &TaskEnd::finished_ms};
template <>
inline constexpr auto kFields<TaskEnded> = std::tuple{&TaskEnded::pid, &TaskEnded::end};
template <>
inline constexpr auto kFields<TaskEndedAck> = std::tuple{&TaskEndedAck::pid};
template <>
inline constexpr auto kFields<Heartbeat> = std::tuple{&Heartbeat::running};
template <>
inline constexpr auto kFields<TaskRequest> =
    std::tuple{&TaskRequest::request_id, &TaskRequest::pid, &TaskRequest::body};
template <>
inline constexpr auto kFields<TaskAnswer> = std::tuple{&TaskAnswer::request_id, &TaskAnswer::body};
template <>
inline constexpr auto kFields<CancelRequest> = std::tuple{&CancelRequest::request_id};
template <>
inline constexpr auto kFields<TaskMessage> =
    std::tuple{&TaskMessage::pid, &TaskMessage::sequence, &TaskMessage::json};
template <>
inline constexpr auto kFields<MessageTaken> = std::tuple{&MessageTaken::pid, &MessageTaken::sequence};
template <>
inline constexpr auto kFields<TaskStatus> =
    std::tuple{&TaskStatus::pid, &TaskStatus::text, &TaskStatus::progress};

template <>
inline constexpr auto kFields<ContainerFolder> =
    std::tuple{&ContainerFolder::source, &ContainerFolder::place, &ContainerFolder::writable,
               &ContainerFolder::owned_by_task};
template <>
inline constexpr auto kFields<ContainerSpec> = std::tuple{
    &ContainerSpec::image,       &ContainerSpec::folder,    &ContainerSpec::user,   &ContainerSpec::host_name,
    &ContainerSpec::name_server, &ContainerSpec::time_zone, &ContainerSpec::folders};
template <>
inline constexpr auto kFields<ContainerReady> = std::tuple{&ContainerReady::failure, &ContainerReady::note};
template <>
inline constexpr auto kFields<RunCommand> = std::tuple{&RunCommand::pid,
                                                       &RunCommand::argv,
                                                       &RunCommand::environment,
                                                       &RunCommand::working_directory,
                                                       &RunCommand::limits,
                                                       &RunCommand::process_limit,
                                                       &RunCommand::grace_ms,
                                                       &RunCommand::script_file,
                                                       &RunCommand::cgroup_memory,
                                                       &RunCommand::cgroup_pids,
                                                       &RunCommand::cgroup_unified,
                                                       &RunCommand::user,
                                                       &RunCommand::seccomp_filter,
                                                       &RunCommand::descriptor_limit,
                                                       &RunCommand::container_program,
                                                       &RunCommand::own_container,
                                                       &RunCommand::group};
template <>
inline constexpr auto kFields<PrepareSlot> =
    std::tuple{&PrepareSlot::command, &PrepareSlot::container_folder};
template <>
inline constexpr auto kFields<SlotReady> = std::tuple{};
template <>
inline constexpr auto kFields<Preload> = std::tuple{&Preload::modules};
template <>
inline constexpr auto kFields<WatchProcess> = std::tuple{&WatchProcess::process_id};
template <>
inline constexpr auto kFields<ProcessState> = std::tuple{&ProcessState::process_id, &ProcessState::lives,
                                                         &ProcessState::exit_code, &ProcessState::signal};
template <>
inline constexpr auto kFields<ObserverStatus> =
    std::tuple{&ObserverStatus::state, &ObserverStatus::started_ms, &ObserverStatus::output_bytes,
               &ObserverStatus::process_id, &ObserverStatus::observer_id};
template <>
inline constexpr auto kFields<StopCommand> = std::tuple{&StopCommand::by};
template <>
inline constexpr auto kFields<EndReport> = std::tuple{&EndReport::end};

// The type number on the wire and the name for logs. Numbers are never reused.
template <typename T>
struct MessageType;
#define AM_MESSAGE(type, value)                     \
  template <>                                       \
  struct MessageType<type> {                        \
    static constexpr std::uint16_t number = value;  \
    static constexpr std::string_view name = #type; \
  }
AM_MESSAGE(Challenge, 1);
AM_MESSAGE(Hello, 2);
AM_MESSAGE(Welcome, 3);
AM_MESSAGE(Reject, 4);
AM_MESSAGE(Inventory, 5);
AM_MESSAGE(StartTask, 6);
AM_MESSAGE(TaskStarted, 7);
AM_MESSAGE(StopTask, 8);
AM_MESSAGE(TaskEnded, 9);
AM_MESSAGE(TaskEndedAck, 10);
AM_MESSAGE(Heartbeat, 11);
AM_MESSAGE(TaskRequest, 12);
AM_MESSAGE(TaskAnswer, 13);
AM_MESSAGE(CancelRequest, 14);
AM_MESSAGE(TaskMessage, 15);
AM_MESSAGE(MessageTaken, 16);
AM_MESSAGE(TaskStatus, 17);
AM_MESSAGE(RunCommand, 64);
AM_MESSAGE(ObserverStatus, 65);
AM_MESSAGE(StopCommand, 66);
AM_MESSAGE(EndReport, 67);
AM_MESSAGE(ContainerSpec, 68);
AM_MESSAGE(ContainerReady, 69);
AM_MESSAGE(PrepareSlot, 70);
AM_MESSAGE(SlotReady, 71);
AM_MESSAGE(Preload, 72);
AM_MESSAGE(WatchProcess, 73);
AM_MESSAGE(ProcessState, 74);
#undef AM_MESSAGE

}  // namespace am::ipc
