// Wall-clock time for people, as milliseconds since 1970 in UTC. Limits never use it.
#pragma once

#include <cstdint>
#include <string>

namespace am {

std::int64_t wall_clock_ms();

// Monotonic microseconds; only differences mean something.
std::int64_t monotonic_us();

// "2026-03-01T08:15:51.026Z"
std::string iso8601(std::int64_t wall_ms);

}  // namespace am
