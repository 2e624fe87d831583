#include "hypervisor/task_records.h"

#include <boost/json.hpp>

namespace am::hypervisor {
namespace {

namespace json = boost::json;

json::value optional_number(const std::optional<int>& number) {
  return number ? json::value(*number) : json::value(nullptr);
}

std::optional<int> number_or_nothing(const json::value& value) {
  if (value.is_null()) return std::nullopt;
  return value.to_number<int>();
}

std::string text(const json::object& object, std::string_view key) {
  return std::string(object.at(key).as_string());
}

// Boost.JSON reports a missing or mistyped member by an exception: here it means a damaged file.
template <typename Read>
auto read_json(std::string_view what, std::string_view content, Read read)
    -> Result<decltype(read(std::declval<const json::object&>()))> {
  try {
    return read(json::parse(content).as_object());
  } catch (const std::exception& failure) {
    return fail(ErrorCode::internal, "{} is damaged: {}", what, failure.what());
  }
}

}  // namespace

std::string spec_to_json(const ipc::TaskSpec& spec) {
  return json::serialize(json::object{{"pid", spec.pid},
                                      {"parentPid", spec.parent_pid},
                                      {"applicationId", spec.application_id},
                                      {"applicationDir", spec.application_dir},
                                      {"scriptPath", spec.script_path},
                                      {"scriptParams", spec.script_params},
                                      {"owner", spec.owner},
                                      {"venv", spec.venv},
                                      {"timeoutSec", spec.limits.timeout_sec},
                                      {"memoryMb", spec.limits.memory_mb},
                                      {"isolation", to_string(spec.isolation)}});
}

Result<ipc::TaskSpec> spec_from_json(std::string_view content) {
  return read_json("spec.json", content, [](const json::object& object) {
    ipc::TaskSpec spec;
    spec.pid = text(object, "pid");
    spec.parent_pid = text(object, "parentPid");
    spec.application_id = text(object, "applicationId");
    spec.application_dir = text(object, "applicationDir");
    spec.script_path = text(object, "scriptPath");
    spec.script_params = text(object, "scriptParams");
    spec.owner = text(object, "owner");
    spec.venv = text(object, "venv");
    spec.limits.timeout_sec = object.at("timeoutSec").to_number<double>();
    spec.limits.memory_mb = object.at("memoryMb").to_number<std::uint64_t>();
    // Absent in what older versions wrote.
    if (const json::value* isolation = object.if_contains("isolation")) {
      const auto parsed = parse_task_isolation(std::string_view(isolation->as_string()));
      if (!parsed) throw std::runtime_error(parsed.error().message);
      spec.isolation = *parsed;
    }
    return spec;
  });
}

std::string end_to_json(const ipc::TaskEnd& end) {
  return json::serialize(
      json::object{{"outcome", json::object{{"kind", to_string(end.outcome.kind)},
                                            {"exitCode", optional_number(end.outcome.exit_code)},
                                            {"signal", optional_number(end.outcome.signal)},
                                            {"message", end.outcome.message}}},
                   {"usage", json::object{{"cpuSec", end.usage.cpu_sec},
                                          {"memoryPeakMb", end.usage.memory_peak_mb},
                                          {"outputBytes", end.usage.output_bytes}}},
                   {"startedMs", end.started_ms},
                   {"finishedMs", end.finished_ms}});
}

Result<ipc::TaskEnd> end_from_json(std::string_view content) {
  return read_json("exit.json", content, [](const json::object& object) {
    ipc::TaskEnd end;
    const json::object& outcome = object.at("outcome").as_object();
    const auto kind = parse_outcome_kind(text(outcome, "kind"));
    if (!kind) throw std::runtime_error(kind.error().message);
    end.outcome = {*kind, number_or_nothing(outcome.at("exitCode")), number_or_nothing(outcome.at("signal")),
                   text(outcome, "message")};
    const json::object& usage = object.at("usage").as_object();
    end.usage = {usage.at("cpuSec").to_number<double>(), usage.at("memoryPeakMb").to_number<double>(),
                 usage.at("outputBytes").to_number<std::uint64_t>()};
    end.started_ms = object.at("startedMs").to_number<std::int64_t>();
    end.finished_ms = object.at("finishedMs").to_number<std::int64_t>();
    return end;
  });
}

std::string task_params_json(const ipc::TaskSpec& spec, const std::string& application_path,
                             const std::string& output_path) {
  const json::value parent = spec.parent_pid.empty() ? json::value(nullptr) : json::value(spec.parent_pid);
  const std::string head = json::serialize(json::object{{"pid", spec.pid},
                                                        {"parentPid", parent},
                                                        {"applicationPath", application_path},
                                                        {"scriptPath", spec.script_path}});
  // The parameters go through as they came, numbers digit for digit.
  return fmt::format(R"({},"scriptParams":{},"outputPath":{}}})", head.substr(0, head.size() - 1),
                     spec.script_params, json::serialize(json::value(output_path)));
}

}  // namespace am::hypervisor
