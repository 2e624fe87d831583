// For tests: a task service over an empty store and hypervisors that only note what they are told.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "manager/task_reconciler.h"
#include "manager/task_service.h"

namespace am::manager {

class FakeHypervisors : public Hypervisors {
 public:
  explicit FakeHypervisors(const asio::any_io_executor& executor) : changed_(executor) {}

  void connect(const std::string& id, std::uint32_t capacity) {
    HypervisorInfo& info = known_[id];
    info.id = id;
    info.capacity = capacity;
    info.venvs.resize(1);
    info.venvs[0].name = "default";
    info.connection = ++connections_;
    changed_.notify_all();
  }
  void disconnect(const std::string& id) {
    known_.erase(id);
    changed_.notify_all();
  }
  HypervisorInfo& info(const std::string& id) { return known_.at(id); }

  [[nodiscard]] std::vector<const HypervisorInfo*> connected() const override {
    std::vector<const HypervisorInfo*> all;
    for (const auto& [id, one] : known_) all.push_back(&one);
    return all;
  }
  [[nodiscard]] const HypervisorInfo* find(std::string_view id) const override {
    const auto found = known_.find(id);
    return found == known_.end() ? nullptr : &found->second;
  }
  bool send(std::string_view id, const ipc::Message& message) override {
    if (find(id) == nullptr) return false;
    sent_.push_back(message);
    return true;
  }
  Event& changed() override { return changed_; }

  [[nodiscard]] std::vector<ipc::TaskSpec> started() const {
    std::vector<ipc::TaskSpec> specs;
    for (const ipc::Message& message : sent_) {
      if (const auto* start = std::get_if<ipc::StartTask>(&message)) specs.push_back(start->spec);
    }
    return specs;
  }
  [[nodiscard]] std::vector<std::string> started_pids() const {
    std::vector<std::string> pids;
    const auto specs = started();
    for (const ipc::TaskSpec& spec : specs) pids.push_back(spec.pid);
    return pids;
  }
  [[nodiscard]] std::vector<std::string> stopped_pids() const {
    std::vector<std::string> pids;
    for (const ipc::Message& message : sent_) {
      if (const auto* stop = std::get_if<ipc::StopTask>(&message)) pids.push_back(stop->pid);
    }
    return pids;
  }
  void forget_sent() { sent_.clear(); }
  // Those of one type, in order.
  template <typename T>
  [[nodiscard]] std::vector<T> sent() const {
    std::vector<T> found;
    for (const ipc::Message& message : sent_) {
      if (const auto* one = std::get_if<T>(&message)) found.push_back(*one);
    }
    return found;
  }

 private:
  std::map<std::string, HypervisorInfo, std::less<>> known_;
  std::vector<ipc::Message> sent_;
  Event changed_;
  std::uint64_t connections_ = 0;
};

// An application "Manual" (id "app") with the executable script test.py (id in script_), and the user admin_.
class TaskServiceFixture : public ::testing::Test {
 protected:
  TaskServiceFixture() : hypervisors_(loop_.get_executor()) {}

  void SetUp() override {
    sources_ = std::filesystem::temp_directory_path() / ("am-sources-" + random_letters(8));
    std::filesystem::create_directories(sources_ / "Manual-abcdef");
    auto database = storage::Database::open(":memory:");
    ASSERT_TRUE(database) << database.error().message;
    database_ = *std::move(database);
    store_ = std::make_unique<storage::TaskStore>(*database_);
    applications_ = std::make_unique<storage::ApplicationStore>(*database_);
    accounts_ = std::make_unique<storage::AccountStore>(*database_);
    ASSERT_TRUE(
        applications_->add({.id = "app", .name = "Manual", .folder = "Manual-abcdef", .created_ms = 1}));
    const auto script = applications_->add_script("app", "test.py");
    ASSERT_TRUE(script);
    script_ = script->id;
    const auto user = accounts_->add_user("admin", "admin");
    ASSERT_TRUE(user);
    admin_ = *user;
    ASSERT_TRUE(accounts_->set_general_parameters(admin_.id, R"({"general":1})"));
    restart();
  }
  void TearDown() override { std::filesystem::remove_all(sources_); }

  // The manager's start, with the store as it is.
  void restart() {
    service_ = std::make_unique<TaskService>(
        loop_.get_executor(), TaskService::Options{.sources = sources_.string(), .default_limits = {}},
        *store_, *applications_, *accounts_, hypervisors_, placement_);
    reconciler_ = std::make_unique<TaskReconciler>(*service_, hypervisors_);
    ASSERT_TRUE(service_->load());
  }
  void write_source(const std::string& path) { std::ofstream(sources_ / "Manual-abcdef" / path) << "pass\n"; }

  static StartTarget by_path() { return {.script_id = {}, .application_id = "app", .script = "test.py"}; }
  Result<std::string> start(const StartTarget& target = by_path(),
                            const std::string& params = R"({"own":2})") {
    return service_->start(admin_,
                           {.target = target, .params = json::parse(params).as_object(), .parent_pid = {}});
  }
  // As the hypervisor "hv" reports it.
  void end(const std::string& pid, OutcomeKind kind) {
    ipc::TaskEnded ended;
    ended.pid = pid;
    ended.end.outcome.kind = kind;
    ended.end.started_ms = 1000;
    ended.end.finished_ms = 2000;
    EXPECT_TRUE(reconciler_->on_task_ended("hv", ended));
  }

  asio::io_context loop_;
  FakeHypervisors hypervisors_;
  LeastLoaded placement_;
  std::filesystem::path sources_;
  std::unique_ptr<storage::Database> database_;
  std::unique_ptr<storage::TaskStore> store_;
  std::unique_ptr<storage::ApplicationStore> applications_;
  std::unique_ptr<storage::AccountStore> accounts_;
  std::string script_;
  storage::User admin_;
  std::unique_ptr<TaskService> service_;
  std::unique_ptr<TaskReconciler> reconciler_;
};

}  // namespace am::manager
