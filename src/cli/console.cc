#include "cli/console.h"

#include <unistd.h>

namespace am::cli {

std::string prefixed(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    result += fmt::format("am: {}\n", text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return result;
}

Console::Console(const Cli& cli, Client& client)
    : cli_(cli),
      client_(client),
      out_(client.loop().get_executor(), STDOUT_FILENO),
      err_(client.loop().get_executor(), STDERR_FILENO) {}

Awaitable<Result<void>> Console::record(OutputRecord record, std::string_view line) {
  if (cli_.json) return write(out_, std::string(line) + "\n");
  if (record.stream == "stdout") return write(out_, std::move(record.text));
  if (record.stream == "stderr") return write(err_, std::move(record.text));
  return write(err_, prefixed(record.text));
}

Awaitable<Result<void>> Console::end(OutputEnd end, std::string_view line) {
  ended_ = std::move(end);
  std::string text = cli_.json ? std::string(line) + "\n" : std::string();
  return write(out_, std::move(text));
}

Awaitable<Result<void>> Console::write(FdWriter& to, std::string text) {
  auto written = co_await to.write(std::move(text));
  if (!written) reader_gone_ = written.error().code == ErrorCode::gone;
  co_return written;
}

void Console::connection_lost(const Error& cause) {
  remark(cli_, fmt::format("lost the connection to {} ({}); the task goes on, trying again",
                           client_.endpoint().address, cause.message));
}

}  // namespace am::cli
