#include "cli/console.h"

#include <unistd.h>

namespace am::cli {

namespace {

constexpr const char* kClearLine = "\x1b[K";

}  // namespace

std::string status_words(const OutputStatus& status) {
  std::string words;
  if (status.progress) words = fmt::format("[{:3.0f}%] ", *status.progress * 100);
  for (const char c : status.text) words += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  return words;
}

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
  if (cli_.json) {
    auto written = co_await write(out_, std::string(line) + "\n");
    co_return written;
  }
  const auto hidden = co_await hide_status();
  if (!hidden) co_return hidden;
  FdWriter& to = record.stream == "stdout" ? out_ : err_;
  std::string text = record.stream == "system" ? prefixed(record.text) : std::move(record.text);
  auto written = co_await write(to, std::move(text));
  co_return written;
}

Awaitable<Result<void>> Console::status(OutputStatus status, std::string_view line) {
  std::string text;
  if (cli_.json) {
    text = std::string(line) + "\n";
    auto written = co_await write(out_, std::move(text));
    co_return written;
  }
  if (::isatty(STDERR_FILENO) == 1) {
    text = fmt::format("\r{}{}", kClearLine, status_words(status));
    status_shown_ = true;
  } else if (std::exchange(last_status_text_, status.text) != status.text) {
    text = prefixed(status_words(status));
  }
  auto written = co_await write(err_, std::move(text));
  co_return written;
}

Awaitable<Result<void>> Console::hide_status() {
  std::string text;
  if (std::exchange(status_shown_, false)) text = fmt::format("\r{}", kClearLine);
  auto written = co_await write(err_, std::move(text));
  co_return written;
}

Awaitable<Result<void>> Console::end(OutputEnd end, std::string_view line) {
  ended_ = std::move(end);
  const auto hidden = co_await hide_status();
  if (!hidden) co_return hidden;
  std::string text = cli_.json ? std::string(line) + "\n" : std::string();
  auto written = co_await write(out_, std::move(text));
  co_return written;
}

Awaitable<Result<void>> Console::write(FdWriter& to, std::string text) {
  if (text.empty()) co_return Result<void>();
  auto written = co_await to.write(std::move(text));
  if (!written) reader_gone_ = written.error().code == ErrorCode::gone;
  co_return written;
}

void Console::connection_lost(const Error& cause) {
  remark(cli_, fmt::format("lost the connection to {} ({}); the task goes on, trying again",
                           client_.endpoint().address, cause.message));
}

}  // namespace am::cli
