#include "manager/task_requests.h"

#include <gmock/gmock.h>

#include "loop/test_loop.h"
#include "manager/task_service_fixture.h"

namespace am::manager {
namespace {

using ::testing::HasSubstr;

class TaskRequestsTest : public TaskServiceFixture {
 protected:
  void SetUp() override {
    TaskServiceFixture::SetUp();
    hypervisors_.connect("hv", 100);
    set_up_talk({});
    parent_ = start().value();
    hypervisors_.forget_sent();
  }
  void TearDown() override {
    run_to_end(loop_, requests_->stop());
    TaskServiceFixture::TearDown();
  }

  void set_up_talk(ChildLimits limits) {
    requests_.reset();
    service_ = std::make_unique<TaskService>(
        loop_.get_executor(),
        TaskService::Options{.sources = sources_.string(), .default_limits = {}, .children = limits}, *store_,
        *applications_, *accounts_, hypervisors_, placement_);
    ASSERT_TRUE(service_->load());
    reconciler_ = std::make_unique<TaskReconciler>(*service_, hypervisors_);
    message_store_ = std::make_unique<storage::MessageStore>(*database_);
    messages_ = std::make_unique<TaskMessages>(*message_store_, service_->open(), hypervisors_);
    ASSERT_TRUE(messages_->load());
    service_->set_hooks({.changed = {},
                         .handed_over = [this](const OpenTask& task) { messages_->on_handed_over(task); },
                         .closed = [this](const std::string& pid) { messages_->on_closed(pid); }});
    requests_ =
        std::make_unique<TaskRequests>(loop_.get_executor(), *service_, *messages_, *accounts_, hypervisors_);
  }

  // As the task `pid` asks; gives the answer, or null when there is none yet.
  json::value ask(const std::string& pid, const json::object& request) {
    requests_->on_request("hv", {++request_id_, pid, json::serialize(request)});
    loop_.restart();
    loop_.poll();
    return last_answer();
  }
  json::value last_answer() {
    const auto answers = hypervisors_.sent<ipc::TaskAnswer>();
    if (answers.empty() || answers.back().request_id != request_id_) return nullptr;
    return json::parse(answers.back().body);
  }
  static std::string error_of(const json::value& answer) {
    return std::string(answer.at("error").at("message").as_string());
  }
  static std::string code_of(const json::value& answer) {
    return std::string(answer.at("error").at("code").as_string());
  }
  json::value start_child(const std::string& parent, const std::string& script = "test.py",
                          const std::string& params = "{}", const std::string& pid = random_uuid()) {
    return ask(parent, {{"request", "start"}, {"childPid", pid}, {"script", script}, {"params", params}});
  }
  json::value send(const std::string& to, const std::string& text, const std::string& id = random_uuid()) {
    return ask(parent_, {{"request", "send"}, {"pid", to}, {"id", id}, {"json", text}});
  }
  std::vector<std::string> delivered() {
    std::vector<std::string> texts;
    const auto all = hypervisors_.sent<ipc::TaskMessage>();
    for (const auto& message : all) texts.push_back(message.json);
    return texts;
  }

  std::unique_ptr<storage::MessageStore> message_store_;
  std::unique_ptr<TaskMessages> messages_;
  std::unique_ptr<TaskRequests> requests_;
  std::string parent_;
  std::uint64_t request_id_ = 0;
};

TEST_F(TaskRequestsTest, StartsAChildWithTheOwnersParameters) {
  const std::string pid = random_uuid();
  const auto answer = start_child(parent_, "test.py", R"({"own":3})", pid);
  EXPECT_EQ(answer.at("answer").at("pid").as_string(), pid);
  const auto row = service_->get(pid).value();
  EXPECT_EQ(row.parent_pid, parent_);
  EXPECT_EQ(row.owner, "admin");
  EXPECT_EQ(json::parse(row.start_params), json::parse(R"({"general":1,"own":3})"));
  EXPECT_EQ(hypervisors_.started_pids(), std::vector<std::string>{pid});
  EXPECT_EQ(hypervisors_.started()[0].parent_pid, parent_);
}

TEST_F(TaskRequestsTest, AChildHasTheIsolationOfItsApplication) {
  ASSERT_TRUE(applications_->change("app", {.name = {}, .isolation = TaskIsolation::isolated}));
  start_child(parent_);
  EXPECT_EQ(service_->get(parent_).value().isolation, TaskIsolation::by_default);
  EXPECT_EQ(hypervisors_.started().at(0).isolation, TaskIsolation::isolated);
}

TEST_F(TaskRequestsTest, AskingAgainStartsNothingTwice) {
  const std::string pid = random_uuid();
  start_child(parent_, "test.py", "{}", pid);
  EXPECT_EQ(start_child(parent_, "test.py", "{}", pid).at("answer").at("pid").as_string(), pid);
  EXPECT_EQ(hypervisors_.started_pids().size(), 1U);
  const std::string other = start().value();
  EXPECT_EQ(code_of(start_child(other, "test.py", "{}", pid)), "already_exists");
}

TEST_F(TaskRequestsTest, FindsAScriptById) {
  EXPECT_TRUE(start_child(parent_, script_).as_object().contains("answer"));
  EXPECT_EQ(code_of(start_child(parent_, random_uuid())), "not_found");
}

TEST_F(TaskRequestsTest, RefusesWhatCannotBeStarted) {
  write_source("plain.py");
  EXPECT_THAT(error_of(start_child(parent_, "plain.py")), HasSubstr("plain.py is not executable; make it"));
  EXPECT_THAT(error_of(start_child(parent_, "none.py")), HasSubstr("no script none.py"));
  EXPECT_THAT(error_of(start_child(parent_, "../x.py")), HasSubstr("script"));
  EXPECT_THAT(error_of(start_child(parent_, "test.py", "[1]")), HasSubstr("params: must be a JSON object"));
  EXPECT_THAT(error_of(start_child(parent_, "test.py", R"({"timeout":0})")), HasSubstr("timeout"));
  EXPECT_THAT(error_of(start_child(parent_, "test.py", "{}", "no-uuid")), HasSubstr("childPid"));
  EXPECT_THAT(error_of(start_child(random_uuid())), HasSubstr("not open"));
  EXPECT_TRUE(hypervisors_.started_pids().empty());
}

TEST_F(TaskRequestsTest, TheFamilyIsBounded) {
  set_up_talk({.depth = 2, .count = 2});
  const std::string child = random_uuid();
  start_child(parent_, "test.py", "{}", child);
  const std::string grandchild = random_uuid();
  start_child(child, "test.py", "{}", grandchild);
  EXPECT_THAT(error_of(start_child(grandchild)), HasSubstr("AM_MAX_CHILD_DEPTH"));
  start_child(parent_);
  const auto third = start_child(parent_);
  EXPECT_EQ(code_of(third), "resource_exhausted");
  EXPECT_THAT(error_of(third), HasSubstr("AM_MAX_CHILD_TASKS"));
  end(child, OutcomeKind::exited);
  EXPECT_TRUE(start_child(parent_).as_object().contains("answer"));
}

TEST_F(TaskRequestsTest, AWaitIsAnsweredAtTheEnd) {
  const std::string child = random_uuid();
  start_child(parent_, "test.py", "{}", child);
  EXPECT_TRUE(ask(parent_, {{"request", "wait"}, {"pid", child}}).is_null());
  end(child, OutcomeKind::timed_out);
  loop_.restart();
  loop_.poll();
  EXPECT_EQ(last_answer().at("answer").at("outcome").at("kind").as_string(), "timed_out");
  const auto late = ask(parent_, {{"request", "wait"}, {"pid", child}});
  EXPECT_EQ(late.at("answer").at("outcome").at("kind").as_string(), "timed_out");
  EXPECT_EQ(code_of(ask(parent_, {{"request", "wait"}, {"pid", random_uuid()}})), "not_found");
}

TEST_F(TaskRequestsTest, ACancelledWaitIsNotAnswered) {
  const std::string child = random_uuid();
  start_child(parent_, "test.py", "{}", child);
  ask(parent_, {{"request", "wait"}, {"pid", child}});
  requests_->on_cancel("hv", request_id_);
  end(child, OutcomeKind::exited);
  loop_.restart();
  loop_.poll();
  EXPECT_TRUE(last_answer().is_null());
}

TEST_F(TaskRequestsTest, StopsAndSaysWhoAsked) {
  const std::string child = random_uuid();
  start_child(parent_, "test.py", "{}", child);
  EXPECT_TRUE(ask(parent_, {{"request", "stop"}, {"pid", child}}).as_object().contains("answer"));
  const auto stops = hypervisors_.sent<ipc::StopTask>();
  ASSERT_EQ(stops.size(), 1U);
  EXPECT_EQ(stops[0].by, "task test.py (" + parent_ + ")");
  end(child, OutcomeKind::stopped);
  EXPECT_EQ(code_of(ask(parent_, {{"request", "stop"}, {"pid", child}})), "conflict");
}

TEST_F(TaskRequestsTest, LocatesATask) {
  const auto here = ask("", {{"request", "locate"}, {"pid", parent_}});
  EXPECT_EQ(here.at("answer").at("hypervisor").as_string(), "hv");
  EXPECT_EQ(code_of(ask("", {{"request", "locate"}, {"pid", random_uuid()}})), "not_found");
  end(parent_, OutcomeKind::exited);
  EXPECT_EQ(code_of(ask("", {{"request", "locate"}, {"pid", parent_}})), "gone");
}

TEST_F(TaskRequestsTest, AnUnknownRequestIsNamed) {
  EXPECT_THAT(error_of(ask(parent_, {{"request", "dance"}})), HasSubstr("dance"));
  EXPECT_THAT(error_of(ask(parent_, {{"ask", "wait"}})), HasSubstr("request: missing"));
}

TEST_F(TaskRequestsTest, MessagesKeepTheirTextAndOrder) {
  send(parent_, R"({"n":0.1})");
  send(parent_, "123456789012345678901234567890");
  EXPECT_EQ(delivered(), (std::vector<std::string>{R"({"n":0.1})", "123456789012345678901234567890"}));
  EXPECT_THAT(error_of(send(parent_, "{broken")), HasSubstr("json: no valid JSON"));
  EXPECT_EQ(code_of(send(random_uuid(), "1")), "not_found");
}

TEST_F(TaskRequestsTest, ARepeatedMessageIsStoredOnce) {
  const std::string id = random_uuid();
  send(parent_, "1", id);
  send(parent_, "1", id);
  EXPECT_EQ(delivered().size(), 1U);
  const auto sent = hypervisors_.sent<ipc::TaskMessage>();
  requests_->on_message_taken("hv", {parent_, sent[0].sequence});
  send(parent_, "1", id);
  EXPECT_EQ(delivered().size(), 1U);
}

TEST_F(TaskRequestsTest, AHypervisorHoldsAWindowOfThem) {
  for (int i = 0; i < 100; ++i) send(parent_, std::to_string(i));
  EXPECT_EQ(delivered().size(), 64U);
  const auto sent = hypervisors_.sent<ipc::TaskMessage>();
  for (int i = 0; i < 10; ++i) requests_->on_message_taken("hv", {parent_, sent[i].sequence});
  EXPECT_EQ(delivered().size(), 74U);
  EXPECT_EQ(delivered().back(), "73");
}

TEST_F(TaskRequestsTest, UnreadMessagesAreSentAgainAfterRestarts) {
  for (int i = 0; i < 3; ++i) send(parent_, std::to_string(i));
  auto sent = hypervisors_.sent<ipc::TaskMessage>();
  requests_->on_message_taken("hv", {parent_, sent[0].sequence});
  hypervisors_.forget_sent();
  requests_->on_caught_up("hv");
  EXPECT_EQ(delivered(), (std::vector<std::string>{"1", "2"}));
  hypervisors_.forget_sent();
  set_up_talk({});  // the manager's own restart
  requests_->on_caught_up("hv");
  EXPECT_EQ(delivered(), (std::vector<std::string>{"1", "2"}));
}

TEST_F(TaskRequestsTest, AQueuedTaskGetsItsMessagesWhenItStarts) {
  hypervisors_.connect("hv", 1);
  const std::string queued = start().value();
  send(queued, "[1]");
  EXPECT_TRUE(delivered().empty());
  end(parent_, OutcomeKind::exited);
  EXPECT_EQ(delivered(), std::vector<std::string>{"[1]"});
}

TEST_F(TaskRequestsTest, UnreadMessagesAreBoundedAndGoWithTheTask) {
  const std::string large(TaskMessages::kMessageLimit - 2, 'x');
  json::value last;
  for (int i = 0; i < 17; ++i) last = send(parent_, '"' + large + '"');
  EXPECT_EQ(code_of(last), "resource_exhausted");
  EXPECT_EQ(code_of(send(parent_, '"' + large + "x\"")), "too_large");
  end(parent_, OutcomeKind::exited);
  EXPECT_TRUE(message_store_->all().value().empty());
  EXPECT_EQ(code_of(send(parent_, "1")), "conflict");
}

TEST_F(TaskRequestsTest, ProgressShowsInTheTaskAndStays) {
  requests_->on_status("hv", {parent_, "half way", 0.5});
  auto shown = service_->show(parent_).value();
  ASSERT_TRUE(shown.progress);
  EXPECT_EQ(shown.progress->text, "half way");
  requests_->on_status("hv", {parent_, "who knows", -1});
  end(parent_, OutcomeKind::exited);
  shown = service_->show(parent_).value();
  ASSERT_TRUE(shown.progress);
  EXPECT_EQ(shown.progress->text, "who knows");
  EXPECT_FALSE(shown.progress->done);
}

}  // namespace
}  // namespace am::manager
