// The text format of Prometheus, written line by line.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "manager/task_metrics.h"

namespace am::manager {

class MetricsPage {
 public:
  // Starts a metric; its samples follow. `type` is "gauge" or "counter".
  void metric(std::string_view name, std::string_view type, std::string_view help);
  // A sample of the metric that was started last; `labels` is empty or `outcome="exited"`.
  void sample(double value, std::string_view labels = {});
  // A metric with one sample.
  void gauge(std::string_view name, std::string_view help, double value);
  void counter(std::string_view name, std::string_view help, double value);

  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string name_;
  std::string text_;
};

// Process metrics under their usual names: CPU, memory, descriptors, start time (milliseconds since 1970).
void add_process_metrics(MetricsPage& page, std::int64_t started_ms);
void add_task_metrics(MetricsPage& page, const TaskMetrics& tasks);

}  // namespace am::manager
