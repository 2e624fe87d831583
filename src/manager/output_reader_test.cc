#include "manager/output_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "loop/test_loop.h"
#include "manager/output_tree.h"
#include "manager/task_service_fixture.h"
#include "net/http_server.h"

namespace am::manager {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string record(std::uint64_t offset, std::uint64_t next, const std::string& pid = "p") {
  return fmt::format(R"({{"offset":{},"next":{},"time":0,"stream":"stdout","pid":"{}","text":"x"}})", offset,
                     next, pid) +
         "\n";
}

// The HTTP side of a hypervisor: each request for output is answered by the next of its `passes`.
class OutputReaderTest : public TaskServiceFixture {
 protected:
  using Pass = std::function<Awaitable<>(net::Responder&)>;

  OutputReaderTest()
      : group_(loop_.get_executor(), [](const std::string& name,
                                        const std::string& what) { ADD_FAILURE() << name << ": " << what; }),
        clients_(loop_.get_executor(), hypervisors_) {}

  void SetUp() override {
    TaskServiceFixture::SetUp();
    net::Router router;
    router.add({.method = "GET",
                .pattern = "/tasks/{pid}/output",
                .handler = [this](net::Request& request, net::Responder& responder) {
                  return answer(request, responder);
                }});
    auto server =
        net::HttpServer::listen(loop_.get_executor(),
                                {.error_answer =
                                     [](unsigned status, const Error&) {
                                       return net::Response{.status = status, .headers = {}, .body = {}};
                                     },
                                 .on_fault = [](const std::string&) {}},
                                std::move(router));
    ASSERT_TRUE(server) << server.error().message;
    server_ = *std::move(server);
    group_.spawn("server", server_->run());
    group_.spawn("clients", clients_.run());
    connect();
    pid_ = *start();
  }
  void TearDown() override {
    run_to_end(loop_, server_->stop());
    group_.cancel();
    run_to_end(loop_, group_.drain());
    TaskServiceFixture::TearDown();
  }

  void connect() {
    hypervisors_.connect("hv", 8);
    HypervisorInfo& info = hypervisors_.info("hv");
    info.http_host = "127.0.0.1";
    info.http_port = server_->port();
    info.http_token = "the token";
    if (reconciler_ && !pid_.empty()) reconciler_->on_inventory("hv", {pid_});
  }
  void disconnect() {
    hypervisors_.disconnect("hv");
    reconciler_->on_disconnected("hv");
  }
  Awaitable<> answer(net::Request& request, net::Responder& responder) {
    requests_.push_back(request.target);
    peers_.push_back(request.peer);
    EXPECT_EQ(request.headers.find("Authorization").value_or(""), "Bearer the token");
    if (passes_.empty()) {
      net::Response missing;  // named: GCC 12 destroys a braced temporary of an awaited call twice
      missing.status = 404;
      co_await responder.respond(std::move(missing));
      co_return;
    }
    const Pass pass = std::move(passes_.front());
    passes_.erase(passes_.begin());
    co_await pass(responder);
  }
  // Sends the text; then does `afterwards`, and breaks the connection or ends the answer.
  static Pass sends(std::string text, std::function<void()> afterwards = {}, bool breaks = false) {
    return [text, afterwards, breaks](net::Responder& responder) {
      return send(responder, text, afterwards, breaks);
    };
  }
  static Awaitable<> send(net::Responder& responder, std::string text, std::function<void()> afterwards,
                          bool breaks) {
    co_await responder.start(200, {});
    co_await responder.write(text);
    if (afterwards) afterwards();
    if (breaks) throw std::runtime_error("broken on purpose");
  }
  // Once it is away.
  Awaitable<> come_back() {
    while (hypervisors_.find("hv") != nullptr) {
      co_await hypervisors_.changed().changed_since(hypervisors_.changed().version());
    }
    connect();
  }
  // As the hypervisor reports it.
  void close(OutcomeKind kind, std::uint64_t output_bytes) {
    ipc::TaskEnded ended;
    ended.pid = pid_;
    ended.end.outcome.kind = kind;
    ended.end.outcome.message = kind == OutcomeKind::exited ? "" : "why it ended";
    ended.end.usage.output_bytes = output_bytes;
    ended.end.started_ms = 1000;
    ended.end.finished_ms = 2000;
    EXPECT_TRUE(reconciler_->on_task_ended("hv", ended));
  }

  OutputSources sources() { return {loop_.get_executor(), *service_, hypervisors_, clients_}; }
  LineSink sink() {
    return [this](std::string_view lines) -> Awaitable<> {
      got_ += lines;
      co_return;
    };
  }
  Result<bool> read(const OutputReader::Options& options) {
    OutputReader reader(sources(), pid_, options);
    return run_to_end(loop_, reader.run(sink()));
  }
  static OutputReader::Options following() { return {.from = 0, .follow = true, .may_fail = false}; }

  TaskGroup group_;
  HypervisorClients clients_;
  std::unique_ptr<net::HttpServer> server_;
  std::vector<Pass> passes_;
  std::vector<std::string> requests_;
  std::vector<std::string> peers_;  // who asked, so over which connection
  std::string pid_;
  std::string got_;
};

TEST_F(OutputReaderTest, FollowsToTheEnd) {
  passes_.push_back(sends(record(0, 5) + record(5, 9), [this] { close(OutcomeKind::exited, 9); }));
  EXPECT_EQ(read(following()), true);
  EXPECT_EQ(got_, record(0, 5) + record(5, 9));
  EXPECT_THAT(requests_, ElementsAre("/tasks/" + pid_ + "/output?from=0&follow=true"));
}

TEST_F(OutputReaderTest, TellsOfAnEndThatWasNoPlainExit) {
  passes_.push_back(sends(record(0, 5), [this] { close(OutcomeKind::stopped, 5); }));
  EXPECT_EQ(read(following()), true);
  EXPECT_EQ(got_, record(0, 5) + R"({"offset":5,"next":5,"time":1,"stream":"system","pid":")" + pid_ +
                      R"(","text":"why it ended\n"})" + "\n");
}

TEST_F(OutputReaderTest, GoesOnWhereTheConnectionBroke) {
  passes_.push_back(sends(record(0, 5) + R"({"offset":5,"nex)", {}, true));
  passes_.push_back(sends(record(5, 9), [this] { close(OutcomeKind::exited, 9); }));
  EXPECT_EQ(read(following()), true);
  EXPECT_EQ(got_, record(0, 5) + record(5, 9));
  EXPECT_THAT(requests_, ElementsAre(HasSubstr("from=0&"), HasSubstr("from=5&")));
}

TEST_F(OutputReaderTest, WaitsForAHypervisorThatRestarts) {
  passes_.push_back(sends(record(0, 5), [this] { disconnect(); }));
  // The connection may go before its last bytes were read: then they are asked for again.
  passes_.emplace_back([this](net::Responder& responder) {
    const bool again = requests_.back().find("from=0&") != std::string::npos;
    return send(
        responder, (again ? record(0, 5) : "") + record(5, 9), [this] { close(OutcomeKind::exited, 9); },
        false);
  });
  group_.spawn("hypervisor", come_back());
  EXPECT_EQ(read(following()), true);
  EXPECT_EQ(got_, record(0, 5) + record(5, 9));
}

TEST_F(OutputReaderTest, ReadsWhatAnEndedStreamDidNotHaveYet) {
  passes_.push_back(sends(record(0, 5), [this] { close(OutcomeKind::exited, 9); }));
  passes_.push_back(sends(record(5, 9)));
  EXPECT_EQ(read(following()), true);
  EXPECT_EQ(got_, record(0, 5) + record(5, 9));
}

TEST_F(OutputReaderTest, StopsAtWhatIsThereWithoutFollow) {
  passes_.push_back(sends(record(0, 5)));
  EXPECT_EQ(read({}), false);
  EXPECT_EQ(got_, record(0, 5));
  EXPECT_THAT(requests_, ElementsAre(HasSubstr("follow=false")));
}

TEST_F(OutputReaderTest, ReadsOverTheConnectionOfAnEarlierReader) {
  passes_.push_back(sends(record(0, 5)));
  passes_.push_back(sends(record(0, 5)));
  EXPECT_EQ(read({}), false);
  EXPECT_EQ(read({}), false);
  ASSERT_EQ(peers_.size(), 2U);
  EXPECT_EQ(peers_[0], peers_[1]);
}

TEST_F(OutputReaderTest, KeepsNoConnectionThatBrokeAndNoneOfAnOlderLink) {
  passes_.push_back(sends(record(0, 5), {}, true));
  passes_.push_back(sends(record(5, 9)));
  EXPECT_EQ(read({}), false);
  disconnect();
  connect();
  passes_.push_back(sends(record(0, 5)));
  EXPECT_EQ(read({}), false);
  ASSERT_EQ(peers_.size(), 3U);
  EXPECT_NE(peers_[0], peers_[1]);
  EXPECT_NE(peers_[1], peers_[2]);
}

TEST_F(OutputReaderTest, BeginsWhereItIsAskedTo) {
  close(OutcomeKind::exited, 9);
  passes_.push_back(sends(record(5, 9)));
  EXPECT_EQ(read({.from = 5}), true);
  EXPECT_THAT(requests_, ElementsAre(HasSubstr("from=5&")));
}

TEST_F(OutputReaderTest, NamesTheHypervisorThatIsAway) {
  close(OutcomeKind::exited, 9);
  disconnect();
  const auto ended = read({});
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().code, ErrorCode::unavailable);
  EXPECT_THAT(ended.error().message, HasSubstr("hypervisor hv"));
}

TEST_F(OutputReaderTest, ATaskThatNeverRanHasOnlyItsEnd) {
  hypervisors_.info("hv").capacity = 1;
  const std::string queued = *start();
  ASSERT_EQ(service_->stop(queued, "admin"), StopProgress::closed);
  pid_ = queued;
  EXPECT_EQ(read({}), true);
  EXPECT_THAT(got_, HasSubstr(R"("stream":"system")"));
  EXPECT_THAT(got_, HasSubstr("stopped by admin before it started"));
  EXPECT_TRUE(requests_.empty());
}

TEST_F(OutputReaderTest, ATaskThatTheHypervisorDoesNotKnowHasOnlyItsEnd) {
  close(OutcomeKind::failed_to_start, 0);
  EXPECT_EQ(read(following()), true);
  EXPECT_THAT(got_, HasSubstr("why it ended"));
}

TEST_F(OutputReaderTest, UnknownPidIsNotFound) {
  pid_ = "nobody";
  EXPECT_EQ(read({}).error().code, ErrorCode::not_found);
}

TEST_F(OutputReaderTest, ATreeHasTheRecordsOfTheChildren) {
  std::string child;
  passes_.push_back(sends(record(0, 5), [&] {
    const auto started = service_->start(admin_, {.target = by_path(), .params = {}, .parent_pid = pid_});
    ASSERT_TRUE(started);
    child = *started;
    close(OutcomeKind::exited, 5);
  }));
  passes_.push_back(sends(record(0, 3, "child"), [&] {
    pid_ = child;
    close(OutcomeKind::exited, 3);
  }));
  const std::string root = pid_;
  const auto tree = std::make_shared<OutputTree>(sources(), group_, root, following());
  EXPECT_EQ(run_to_end(loop_, tree->run(sink())), true);
  EXPECT_EQ(got_, record(0, 5) + record(0, 3, "child"));
}

TEST_F(OutputReaderTest, ATreeWhoseRootIsUnknownIsNotFound) {
  const auto tree = std::make_shared<OutputTree>(sources(), group_, "nobody", following());
  EXPECT_EQ(run_to_end(loop_, tree->run(sink())).error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace am::manager
