# Language, warnings, sanitizers, speed of the build.
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

option(AM_FUZZ "Build the libFuzzer targets (clang only)" OFF)
set(AM_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them")

add_library(am_options INTERFACE)
target_compile_options(am_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Wcast-qual -Wformat=2
  -Wnull-dereference -Wimplicit-fallthrough -Wno-missing-field-initializers -Werror -fno-omit-frame-pointer)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # False alarms of GCC 12 inside Boost and libstdc++ templates once they are inlined.
  target_compile_options(am_options INTERFACE -Wno-null-dereference -Wno-maybe-uninitialized
    -Wno-restrict -Wno-stringop-overflow -Wno-array-bounds -Wno-dangling-pointer -Wno-mismatched-new-delete)
endif()
target_compile_definitions(am_options INTERFACE AM_VERSION="${PROJECT_VERSION}")

if(AM_SANITIZE)
  target_compile_options(am_options INTERFACE -fsanitize=${AM_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(am_options INTERFACE -fsanitize=${AM_SANITIZE})
endif()

find_program(AM_CCACHE ccache)
if(AM_CCACHE)
  # The sloppiness that ccache's manual asks for with precompiled headers.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${AM_CCACHE})
endif()
find_program(AM_MOLD mold)
if(AM_MOLD)
  target_link_options(am_options INTERFACE -fuse-ld=mold)
endif()
