// A few threads for work that blocks (files, archives), so that the event loop never does.
#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

#include "loop/awaitable.h"

namespace am {

class BlockingPool {
 public:
  explicit BlockingPool(unsigned threads);
  // Waits for the functions that are running or queued. Destroy it before the event loop.
  ~BlockingPool();
  BlockingPool(const BlockingPool&) = delete;
  BlockingPool& operator=(const BlockingPool&) = delete;

  // Runs `work` on a thread of the pool and gives its result, or its exception, back on the caller's loop. A
  // cancelled caller still waits for the end of `work`, so that `work` may refer to the caller's variables;
  // the cancellation takes effect at the caller's next wait.
  template <typename Work>
  Awaitable<std::invoke_result_t<Work&>> run(Work work) {
    using Value = std::invoke_result_t<Work&>;
    using Kept = std::conditional_t<std::is_void_v<Value>, std::monostate, Value>;
    std::optional<Kept> value;
    std::exception_ptr fault;
    std::move_only_function<void()> job = [&work, &value, &fault] {
      try {
        if constexpr (std::is_void_v<Value>) {
          work();
          value.emplace();
        } else {
          value.emplace(work());
        }
      } catch (...) {
        fault = std::current_exception();
      }
    };
    co_await execute(std::move(job));
    if (fault) std::rethrow_exception(fault);
    if constexpr (!std::is_void_v<Value>) co_return std::move(*value);
  }

 private:
  Awaitable<> execute(std::move_only_function<void()> job);

  asio::thread_pool threads_;
};

}  // namespace am
