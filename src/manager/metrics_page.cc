#include "manager/metrics_page.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace am::manager {
namespace {

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

// Resident bytes; 0 where /proc is not there.
double resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::uint64_t total = 0;
  std::uint64_t resident = 0;
  if (!(statm >> total >> resident)) return 0;
  return static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

double open_descriptors() {
  std::error_code error;
  double count = 0;
  for (auto it = std::filesystem::directory_iterator("/proc/self/fd", error);
       !error && it != std::filesystem::directory_iterator(); it.increment(error)) {
    ++count;
  }
  return count;
}

}  // namespace

void MetricsPage::metric(std::string_view name, std::string_view type, std::string_view help) {
  name_ = name;
  text_ += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
}

void MetricsPage::sample(double value, std::string_view labels) {
  if (labels.empty()) {
    text_ += fmt::format("{} {}\n", name_, value);
  } else {
    text_ += fmt::format("{}{{{}}} {}\n", name_, labels, value);
  }
}

void MetricsPage::gauge(std::string_view name, std::string_view help, double value) {
  metric(name, "gauge", help);
  sample(value);
}

void MetricsPage::counter(std::string_view name, std::string_view help, double value) {
  metric(name, "counter", help);
  sample(value);
}

void add_process_metrics(MetricsPage& page, std::int64_t started_ms) {
  rusage usage{};
  if (::getrusage(RUSAGE_SELF, &usage) == 0) {
    page.counter("process_cpu_seconds_total", "User and system CPU time in seconds.",
                 seconds(usage.ru_utime) + seconds(usage.ru_stime));
  }
  page.gauge("process_resident_memory_bytes", "Resident memory in bytes.", resident_bytes());
  page.gauge("process_open_fds", "Open file descriptors.", open_descriptors());
  page.gauge("process_start_time_seconds", "Start of the process, in seconds since 1970.",
             static_cast<double>(started_ms) / 1000);
}

void add_task_metrics(MetricsPage& page, const TaskMetrics& tasks) {
  page.counter("am_tasks_accepted_total", "Tasks accepted since the start.",
               static_cast<double>(tasks.accepted));
  page.metric("am_tasks_closed_total", "counter", "Tasks that ended since the start, by outcome.");
  for (std::size_t i = 0; i < tasks.closed.size(); ++i) {
    page.sample(static_cast<double>(tasks.closed.at(i)),
                fmt::format("outcome=\"{}\"", to_string(TaskMetrics::kOutcomes.at(i))));
  }
  page.metric("am_tasks", "gauge", "Tasks that are not over, by state.");
  page.sample(static_cast<double>(tasks.queued), "state=\"queued\"");
  page.sample(static_cast<double>(tasks.starting), "state=\"starting\"");
  page.sample(static_cast<double>(tasks.running), "state=\"running\"");
  page.gauge("am_hypervisors", "Connected hypervisors.", static_cast<double>(tasks.hypervisors));
}

}  // namespace am::manager
