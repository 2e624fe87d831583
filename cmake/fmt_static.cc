// Debian has fmt as a shared library only, and am-observer is linked statically. Compiled header-only in
// every file fmt would triple the time of the build, so that one program gets the functions from here:
// header-only fmt in one file, with the options of cmake/dependencies.cmake that keep a function of each.
#define FMT_HEADER_ONLY 1
#include <fmt/format.h>
