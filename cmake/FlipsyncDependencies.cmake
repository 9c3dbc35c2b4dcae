# Third-party libraries as imported targets, whose headers count as SYSTEM:
#   CAF::core CAF::io CAF::openssl  simdjson::simdjson  spdlog::spdlog  tomlplusplus::tomlplusplus
#   CLI11::CLI11  SQLite::SQLite3  CURL::libcurl  OpenSSL::SSL  BLAKE3::blake3  hiredis::hiredis
# and flipsync_boost: Asio and Beast, compiled once, and Boost.JSON.

# What ./dev put into the cache is found without ./dev, so that a plain `cmake --preset` works too.
# The cache is keyed by distribution and g++ (a clang uses the libraries g++ built).
function(flipsync_add_cached_prefixes)
  if(DEFINED ENV{FLIPSYNC_DEPS})
    set(cache "$ENV{FLIPSYNC_DEPS}")
  elseif(DEFINED ENV{XDG_CACHE_HOME})
    set(cache "$ENV{XDG_CACHE_HOME}/flipsync")
  else()
    set(cache "$ENV{HOME}/.cache/flipsync")
  endif()
  cmake_host_system_information(RESULT codename QUERY DISTRIB_VERSION_CODENAME)
  set(compiler "*")
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    set(compiler "${CMAKE_CXX_COMPILER_VERSION}")
  endif()
  file(GLOB prefixes "${cache}/${codename}-g++${compiler}/caf-*"
       "${cache}/${codename}-g++${compiler}/blake3-c"
       "${cache}/${codename}-g++${compiler}/*/usr")
  list(PREPEND CMAKE_PREFIX_PATH $ENV{FLIPSYNC_CAF_ROOT} ${prefixes})
  set(CMAKE_PREFIX_PATH "${CMAKE_PREFIX_PATH}" PARENT_SCOPE)
endfunction()
flipsync_add_cached_prefixes()

find_package(CAF QUIET COMPONENTS core io openssl)
if(NOT CAF_FOUND OR CAF_VERSION VERSION_LESS 0.18)
  message(FATAL_ERROR "No CAF >= 0.18 found (found: '${CAF_VERSION}'). ./dev build installs one; "
                      "or name yours: FLIPSYNC_CAF_ROOT=/path/to/caf cmake …")
endif()
find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(CURL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(SQLite3 REQUIRED)
find_library(FLIPSYNC_JEMALLOC jemalloc REQUIRED)
# For the program, which calls both at every step, as archives where the packages have them
# (docs/adr/0021).
find_library(FLIPSYNC_JEMALLOC_ARCHIVE libjemalloc_pic.a)
find_library(FLIPSYNC_SQLITE_ARCHIVE libsqlite3.a)
mark_as_advanced(FLIPSYNC_JEMALLOC FLIPSYNC_JEMALLOC_ARCHIVE FLIPSYNC_SQLITE_ARCHIVE)
if(FLIPSYNC_SQLITE_ARCHIVE)
  add_library(flipsync_sqlite_archive INTERFACE IMPORTED GLOBAL)
  target_link_libraries(flipsync_sqlite_archive INTERFACE "${FLIPSYNC_SQLITE_ARCHIVE}" Threads::Threads
                                                          ${CMAKE_DL_LIBS} m)
endif()
find_package(simdjson REQUIRED)
find_package(spdlog REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(CLI11 REQUIRED)
find_package(BLAKE3 REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json)

# Debian 12's hiredis has no CMake files, only pkg-config's.
find_package(PkgConfig REQUIRED)
pkg_check_modules(hiredis REQUIRED IMPORTED_TARGET hiredis)
add_library(hiredis::hiredis ALIAS PkgConfig::hiredis)

# Asio and Beast as headers alone cost every file that includes them several seconds; compiled once
# here, the same files take about half as long. The price, a few calls not inlined, is not measurable
# beside a system call.
add_library(flipsync_boost STATIC "${PROJECT_SOURCE_DIR}/cmake/boost_asio.cpp")
target_compile_definitions(flipsync_boost PUBLIC BOOST_ASIO_SEPARATE_COMPILATION
                                                 BOOST_BEAST_SEPARATE_COMPILATION
                                                 BOOST_ASIO_NO_DEPRECATED)
target_link_libraries(flipsync_boost PUBLIC Boost::headers Boost::json OpenSSL::SSL OpenSSL::Crypto
                                            Threads::Threads)
