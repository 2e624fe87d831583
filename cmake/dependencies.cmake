# Every library of others, as am_lib_<name>, so that a layer names what it uses in one word.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json url)
find_package(GTest REQUIRED)

pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
find_package(SQLiteCpp REQUIRED)
pkg_check_modules(ARCHIVE REQUIRED IMPORTED_TARGET libarchive)
pkg_check_modules(SPDLOG REQUIRED IMPORTED_TARGET spdlog)
find_package(fmt REQUIRED)
find_package(CLI11 REQUIRED)

function(am_library name)
  add_library(am_lib_${name} INTERFACE)
  target_link_libraries(am_lib_${name} INTERFACE ${ARGN})
endfunction()

am_library(asio Boost::headers Threads::Threads)
target_compile_definitions(am_lib_asio INTERFACE BOOST_ASIO_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED)
am_library(beast Boost::headers Boost::url)
target_compile_definitions(am_lib_beast INTERFACE BOOST_BEAST_SEPARATE_COMPILATION)
am_library(json Boost::json)
am_library(sodium PkgConfig::SODIUM)
am_library(sqlite SQLiteCpp)
am_library(archive PkgConfig::ARCHIVE)
# A static program takes fmt from an archive of ours, see cmake/fmt_static.cc.
add_library(am_fmt_static STATIC EXCLUDE_FROM_ALL cmake/fmt_static.cc)
target_compile_options(am_fmt_static PRIVATE -ffunction-sections -fkeep-inline-functions -fno-inline-functions
  -fno-inline-functions-called-once)
am_library(fmt "$<IF:$<BOOL:$<TARGET_PROPERTY:AM_STATIC>>,am_fmt_static,fmt::fmt>")
am_library(log PkgConfig::SPDLOG)
am_library(cli11 CLI11::CLI11)
