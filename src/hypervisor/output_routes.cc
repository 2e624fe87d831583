#include "hypervisor/output_routes.h"

#include <charconv>

#include "base/random.h"
#include "hypervisor/output_reader.h"
#include "hypervisor/text_answers.h"

namespace am::hypervisor {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kPieceBytes = 256 * 1024;  // what one reader holds in memory at once
constexpr auto kStartUnderWay = 10s;             // a follower may come before the order to start

std::optional<std::string> query(const net::Request& request, const std::string& name) {
  const auto found = request.query.find(name);
  if (found == request.query.end()) return std::nullopt;
  return found->second;
}

Result<std::uint64_t> parse_from(const net::Request& request) {
  const std::string text = query(request, "from").value_or("0");
  std::uint64_t from = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), from);
  if (parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size()) {
    return fail(ErrorCode::invalid_argument, "from: \"{}\" is no offset", text);
  }
  return from;
}

Result<std::optional<ipc::OutputStream>> parse_stream(const net::Request& request) {
  const auto text = query(request, "stream");
  if (!text) return std::nullopt;
  if (*text == "stdout") return ipc::OutputStream::standard_output;
  if (*text == "stderr") return ipc::OutputStream::standard_error;
  return fail(ErrorCode::invalid_argument, "stream: \"{}\" is neither stdout nor stderr", *text);
}

net::Headers content_type(const char* type) {
  net::Headers headers;
  headers.set("Content-Type", type);
  return headers;
}

struct Source {
  std::shared_ptr<Task> task;  // null: the task is over and acknowledged
  TaskFolder folder;
};

class OutputRoutes {
 public:
  explicit OutputRoutes(Tasks& tasks) : tasks_(tasks) {}

  Awaitable<> records(net::Request& request, net::Responder& responder) {
    const std::string pid = request.params["pid"];
    const bool follow = query(request, "follow") == "true";
    const auto from = parse_from(request);
    if (!from) co_return co_await responder.respond(refusal(from.error()));
    auto source = co_await locate(pid, follow);
    if (!source) co_return co_await responder.respond(refusal(source.error()));
    co_await responder.start(200, content_type("application/x-ndjson"));
    OutputReader reader(source->folder.path(), pid);
    for (;;) {
      const std::uint64_t seen = source->task ? source->task->changed.version() : 0;
      const bool ended = !source->task || source->task->end;
      auto lines = next_records(reader, *from);
      if (!lines) throw std::runtime_error(lines.error().message);
      if (!lines->empty()) {
        co_await responder.write(*lines);
        continue;
      }
      if (ended) {
        const std::string rest = reader.last_records();
        if (!rest.empty()) co_await responder.write(rest);
      }
      if (ended || !follow) co_return;
      co_await source->task->changed.changed_since(seen);
    }
  }

  Awaitable<> raw(net::Request& request, net::Responder& responder) {
    const std::string pid = request.params["pid"];
    const auto stream = parse_stream(request);
    if (!stream) co_return co_await responder.respond(refusal(stream.error()));
    auto source = co_await locate(pid, false);
    if (!source) co_return co_await responder.respond(refusal(source.error()));
    OutputReader reader(source->folder.path(), pid);
    const auto opened = reader.open(0);
    if (!opened) co_return co_await responder.respond(refusal(opened.error()));
    co_await responder.start(200, content_type("application/octet-stream"));
    while (reader.is_open()) {
      auto bytes = reader.next_raw(*stream, kPieceBytes);
      if (!bytes) throw std::runtime_error(bytes.error().message);
      if (bytes->empty()) co_return;
      co_await responder.write(*bytes);
    }
  }

 private:
  static Result<std::string> next_records(OutputReader& reader, std::uint64_t from) {
    if (!reader.is_open()) {
      const auto opened = reader.open(from);
      if (!opened) return pass_on(opened);
      if (!*opened) return std::string();
    }
    return reader.next_records(kPieceBytes);
  }

  Awaitable<Result<Source>> locate(std::string pid, bool wait) {
    if (!is_uuid(pid)) co_return fail(ErrorCode::invalid_argument, "pid: \"{}\" is no task's", pid);
    TaskFolder folder = tasks_.folder(pid);
    auto task = tasks_.find(pid);
    if (!task && !folder.exists() && wait) task = co_await tasks_.wait_for(pid, kStartUnderWay);
    if (!task && !folder.exists()) co_return fail(ErrorCode::not_found, "no task {} on this hypervisor", pid);
    co_return Source{std::move(task), std::move(folder)};
  }

  Tasks& tasks_;
};

}  // namespace

void add_output_routes(net::Router& router, Tasks& tasks) {
  const auto routes = std::make_shared<OutputRoutes>(tasks);
  router.add({.method = "GET",
              .pattern = "/tasks/{pid}/output",
              .handler = [routes](net::Request& request, net::Responder& responder) {
                return routes->records(request, responder);
              }});
  router.add({.method = "GET",
              .pattern = "/tasks/{pid}/output/raw",
              .handler = [routes](net::Request& request, net::Responder& responder) {
                return routes->raw(request, responder);
              }});
}

}  // namespace am::hypervisor
