// The one error model: expected failures are values that carry a code and a sentence for people.
#pragma once

#include <fmt/format.h>

#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace am {

// What went wrong, as a caller can act on it. The HTTP status of each is in net/http_status.cc.
enum class ErrorCode {
  invalid_argument,     // the request itself is wrong; the message names the field and the value
  unauthenticated,      // no token, or one that is not known
  forbidden,            // the token is known and may not do this
  not_found,            // no such application, script, file, task
  already_exists,       // the name is taken
  conflict,             // the thing's state does not allow it now
  gone,                 // it was there and is over
  precondition_failed,  // the thing is no longer the version that the caller named (If-Match)
  too_large,            // a body, file or message over its limit
  unavailable,          // a part that is needed is away; the same request may go through later
  resource_exhausted,   // a limit on count is reached
  internal,             // a fault of ours or of the machine (disk, database)
};

// The word for a code on the wire and in logs, for example "not_found".
std::string_view to_string(ErrorCode code);

struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string message;
};

template <typename T>
using Result = std::expected<T, Error>;

// return fail(ErrorCode::not_found, "no application {}", id);
template <typename... Args>
[[nodiscard]] std::unexpected<Error> fail(ErrorCode code, fmt::format_string<Args...> format,
                                          Args&&... args) {
  return std::unexpected(Error{code, fmt::format(format, std::forward<Args>(args)...)});
}

// An internal error with the text of `error_number` (an errno value) behind the message.
template <typename... Args>
[[nodiscard]] std::unexpected<Error> fail_errno(int error_number, fmt::format_string<Args...> format,
                                                Args&&... args);

// "No such file or directory (ENOENT)" for an errno value.
std::string errno_text(int error_number);

template <typename... Args>
std::unexpected<Error> fail_errno(int error_number, fmt::format_string<Args...> format, Args&&... args) {
  return std::unexpected(Error{ErrorCode::internal, fmt::format(format, std::forward<Args>(args)...) + ": " +
                                                        errno_text(error_number)});
}

// For a Result<void> or a Result<T> whose error the caller passes on unchanged.
template <typename T>
[[nodiscard]] std::unexpected<Error> pass_on(const Result<T>& failed) {
  return std::unexpected(failed.error());
}

}  // namespace am
