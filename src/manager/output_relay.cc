#include "manager/output_relay.h"

#include <spdlog/spdlog.h>

#include <charconv>
#include <stdexcept>

#include "manager/handlers.h"
#include "manager/http_errors.h"
#include "manager/output_tree.h"
#include "manager/task_json.h"

namespace am::manager {
namespace {

// Offsets are signed where others keep them; nobody prints more than this.
constexpr std::uint64_t kOffsetLimit = 1ULL << 62U;

Result<std::uint64_t> parse_offset(const std::string& text) {
  std::uint64_t offset = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), offset);
  if (text.empty() || error != std::errc() || end != text.data() + text.size() || offset > kOffsetLimit) {
    return fail(ErrorCode::invalid_argument, "from: must be a number of bytes, 0 or more, not \"{}\"", text);
  }
  return offset;
}

Result<bool> parse_flag(const std::map<std::string, std::string>& query, const std::string& name) {
  const auto found = query.find(name);
  if (found == query.end() || found->second == "false" || found->second == "0") return false;
  if (found->second == "true" || found->second == "1") return true;
  return fail(ErrorCode::invalid_argument, "{}: must be true or false, not \"{}\"", name, found->second);
}

// The answer to a failure: its own while nothing was sent, else the connection's abrupt end.
Awaitable<> give_up(net::Responder& responder, Error error) {
  if (responder.started()) throw std::runtime_error(error.message);
  Result<net::Response> answer = std::unexpected(std::move(error));
  co_await respond(responder, std::move(answer));
}

// An answer that begins with the first line.
class LineAnswer {
 public:
  explicit LineAnswer(net::Responder& responder) : responder_(responder) {}

  Awaitable<> begin() {
    if (responder_.started()) co_return;
    co_await responder_.start(200, api_headers("application/x-ndjson"));
  }
  Awaitable<> write(std::string_view lines) {
    co_await begin();
    co_await responder_.write(lines);
  }
  [[nodiscard]] LineSink sink() {
    return [this](std::string_view lines) { return write(lines); };
  }

 private:
  net::Responder& responder_;
};

}  // namespace

Result<OutputQuery> parse_output_query(const std::map<std::string, std::string>& query) {
  OutputQuery parsed;
  if (const auto from = query.find("from"); from != query.end()) {
    const auto offset = parse_offset(from->second);
    if (!offset) return pass_on(offset);
    parsed.from = *offset;
  }
  const auto follow = parse_flag(query, "follow");
  if (!follow) return pass_on(follow);
  const auto tree = parse_flag(query, "tree");
  if (!tree) return pass_on(tree);
  const auto status = parse_flag(query, "status");
  if (!status) return pass_on(status);
  if (*status && !(*tree && *follow)) {
    return fail(ErrorCode::invalid_argument, "status: goes with tree=true and follow=true");
  }
  parsed.follow = *follow;
  parsed.tree = *tree;
  parsed.status = *status;
  return parsed;
}

OutputRelay::OutputRelay(const OutputSources& sources)
    : sources_(sources), readers_(sources.executor, [](const std::string& name, const std::string& what) {
        spdlog::error("{} failed: {}", name, what);
      }) {}

Awaitable<> OutputRelay::stop() {
  readers_.cancel();
  co_await readers_.drain();
}

Awaitable<Result<bool>> OutputRelay::read_all(std::string pid, OutputReader::Options options,
                                              OutputQuery query, LineSink sink) {
  if (query.tree) {
    const auto reader =
        std::make_shared<OutputTree>(sources_, readers_, std::move(pid), options, query.status);
    const auto ended = co_await reader->run(std::move(sink));
    co_return ended;
  }
  OutputReader reader(sources_, std::move(pid), options);
  const auto ended = co_await reader.run(std::move(sink));
  co_return ended;
}

Awaitable<> OutputRelay::output(net::Request& request, net::Responder& responder) {
  const std::string pid = request.params.at("pid");
  const auto query = parse_output_query(request.query);
  if (!query) {
    co_await give_up(responder, query.error());
    co_return;
  }
  const bool open = sources_.tasks.open().find(pid) != nullptr;
  if (!open) {
    if (const auto known = sources_.tasks.get(pid); !known) {
      co_await give_up(responder, known.error());
      co_return;
    }
  }
  LineAnswer answer(responder);
  // The follower of an open task is never refused: what is away is waited for.
  const bool wait = query->follow && open;
  if (wait) co_await answer.begin();
  const OutputReader::Options options{.from = query->from, .follow = query->follow, .may_fail = !wait};
  const auto ended = co_await read_all(pid, options, *query, answer.sink());
  if (!ended) {
    co_await give_up(responder, ended.error());
    co_return;
  }
  co_await answer.begin();
  if (!*ended) co_return;
  const auto row = sources_.tasks.get(pid);
  if (!row) throw std::runtime_error(row.error().message);
  const std::string last = end_line(*row);
  co_await answer.write(last);
}

// Where the bytes are; no hypervisor when the task never ran, so that it printed nothing.
Result<OutputRelay::RawSource> OutputRelay::find_raw(const net::Request& request) const {
  const std::string& pid = request.params.at("pid");
  const auto row = sources_.tasks.get(pid);
  if (!row) return pass_on(row);
  RawSource source{.target = fmt::format("/tasks/{}/output/raw", pid), .hypervisor = std::nullopt};
  if (const auto stream = request.query.find("stream"); stream != request.query.end()) {
    if (stream->second != "stdout" && stream->second != "stderr") {
      return fail(ErrorCode::invalid_argument, "stream: must be stdout or stderr, not \"{}\"",
                  stream->second);
    }
    source.target += "?stream=" + stream->second;
  }
  if (row->hypervisor_id.empty()) return source;
  const HypervisorInfo* found = sources_.hypervisors.find(row->hypervisor_id);
  if (found == nullptr) {
    return fail(
        ErrorCode::unavailable,
        "the output of task {} is on hypervisor {}, which is not connected; try again when it is back", pid,
        row->hypervisor_id);
  }
  source.hypervisor.emplace(*found);
  return source;
}

Awaitable<> OutputRelay::raw(net::Request& request, net::Responder& responder) {
  const Result<RawSource> source = find_raw(request);
  if (!source) {
    co_await give_up(responder, source.error());
    co_return;
  }
  if (!source->hypervisor) {
    co_await responder.start(200, api_headers("application/octet-stream"));
    co_return;
  }
  HypervisorClients::Client client(sources_.clients, *source->hypervisor);
  const Result<net::Response> head = co_await client.get(source->target);
  // 404: the hypervisor keeps nothing of it, because no process ever printed.
  const bool nothing = head && head->status == 404;
  if (!nothing) {
    const Result<void> good = check_raw(head, *source);
    if (!good) {
      co_await give_up(responder, good.error());
      co_return;
    }
  }
  co_await responder.start(200, api_headers("application/octet-stream"));
  while (!nothing) {
    const Result<std::string> piece = co_await client.read_some();
    if (!piece) throw std::runtime_error(piece.error().message);
    if (piece->empty()) co_return;
    co_await responder.write(*piece);
  }
}

Result<void> OutputRelay::check_raw(const Result<net::Response>& head, const RawSource& source) {
  if (!head) return pass_on(head);
  if (head->status == 200) return {};
  return fail(ErrorCode::internal, "hypervisor {} answered {} for {}", source.hypervisor->id, head->status,
              source.target);
}

}  // namespace am::manager
