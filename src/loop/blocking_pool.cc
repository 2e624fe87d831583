#include "loop/blocking_pool.h"

namespace am {

BlockingPool::BlockingPool(unsigned threads) : threads_(threads) {}

BlockingPool::~BlockingPool() { threads_.join(); }

Awaitable<> BlockingPool::execute(std::move_only_function<void()> job) {
  const auto loop = co_await asio::this_coro::executor;
  auto start = [this, loop](auto handler, std::move_only_function<void()> work) {
    asio::post(threads_, [handler = std::move(handler), work = std::move(work),
                          guard = asio::make_work_guard(loop)]() mutable {
      work();
      // The handler holds the waiting coroutine, so it goes back to the loop with everything it owns.
      asio::post(guard.get_executor(), std::move(handler));
    });
  };
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(std::move(start), asio::use_awaitable,
                                                                       std::move(job));
}

}  // namespace am
