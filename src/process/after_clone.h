// What runs between clone and exec, on a foreign stack and in the parent's memory: it allocates nothing,
// locks nothing, logs nothing.
#pragma once

// Sanitizers must not instrument it.
#define AM_BETWEEN_CLONE_AND_EXEC __attribute__((no_sanitize("address", "undefined", "thread")))
