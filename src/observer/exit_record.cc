#include "observer/exit_record.h"

#include "base/files.h"

namespace am::observer {
namespace {

std::string json_text(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (byte < 0x20) {
      result += fmt::format("\\u{:04x}", byte);
    } else {
      result += c;
    }
  }
  return result + "\"";
}

std::string json_number(const std::optional<int>& number) {
  return number ? fmt::format("{}", *number) : std::string("null");
}

}  // namespace

std::string exit_record(const ipc::TaskEnd& end) {
  return fmt::format(
      R"({{"outcome":{{"kind":"{}","exitCode":{},"signal":{},"message":{}}},)"
      R"("usage":{{"cpuSec":{:.6f},"memoryPeakMb":{:.3f},"outputBytes":{}}},"startedMs":{},"finishedMs":{}}})",
      to_string(end.outcome.kind), json_number(end.outcome.exit_code), json_number(end.outcome.signal),
      json_text(end.outcome.message), end.usage.cpu_sec, end.usage.memory_peak_mb, end.usage.output_bytes,
      end.started_ms, end.finished_ms);
}

Result<void> write_exit_record(const ipc::TaskEnd& end) {
  return write_file_atomically("exit.json", exit_record(end), 0640);
}

}  // namespace am::observer
