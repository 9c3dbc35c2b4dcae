# Compiler and linker settings of our own code: `flipsync_options`, linked into every target.

add_library(flipsync_options INTERFACE)
target_compile_features(flipsync_options INTERFACE cxx_std_20)
target_compile_options(flipsync_options INTERFACE -Wall -Wextra -Wpedantic -Werror)
# A designated initialiser leaves the other members at their defaults on purpose.
target_compile_options(flipsync_options INTERFACE -Wno-missing-field-initializers)

# Where g++ inlines std::string, it warns of copies that cannot happen: g++ 12 of overlapping ones (GCC
# bug 105651), g++ 13 and 14 of some past the small buffer. Each leaves the other's warning on.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  if(CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    target_compile_options(flipsync_options INTERFACE -Wno-restrict)
  else()
    target_compile_options(flipsync_options INTERFACE -Wno-array-bounds -Wno-stringop-overflow)
  endif()
endif()

# It warns of types of an anonymous namespace in a header, and takes a source that it meets in a unit for one.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND FLIPSYNC_UNIT_SIZE GREATER 1)
  target_compile_options(flipsync_options INTERFACE -Wno-subobject-linkage)
endif()

# Includes are written from the project's root: #include "runtime/core/turn.hpp".
target_include_directories(flipsync_options INTERFACE "${PROJECT_SOURCE_DIR}"
                                                      "${PROJECT_BINARY_DIR}/generated")
configure_file("${PROJECT_SOURCE_DIR}/cmake/version.hpp.in"
               "${PROJECT_BINARY_DIR}/generated/runtime/core/version.hpp" @ONLY)

if(FLIPSYNC_SANITIZE STREQUAL "address")
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined
                      -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
elseif(FLIPSYNC_SANITIZE STREQUAL "thread")
  add_compile_options(-fsanitize=thread)
  add_link_options(-fsanitize=thread)
elseif(FLIPSYNC_SANITIZE STREQUAL "fuzzer")
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined
                      -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
elseif(NOT FLIPSYNC_SANITIZE STREQUAL "off")
  message(FATAL_ERROR "FLIPSYNC_SANITIZE is '${FLIPSYNC_SANITIZE}'; it may be address, thread, fuzzer or off")
endif()

# Instrumented code confuses g++'s flow warnings into false alarms; the plain build has them all.
if(NOT FLIPSYNC_SANITIZE STREQUAL "off" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(flipsync_options INTERFACE -Wno-maybe-uninitialized -Wno-tsan)
endif()

if(FLIPSYNC_COVERAGE)
  add_compile_options(--coverage -fprofile-update=atomic)
  add_link_options(--coverage)
endif()

find_program(FLIPSYNC_LLD ld.lld DOC "LLVM's linker; it links our tests several times faster")
mark_as_advanced(FLIPSYNC_LLD)
if(FLIPSYNC_LLD)
  add_link_options(-fuse-ld=lld)
endif()

# Each function in a section of its own, so that the linker can leave out what nothing calls, and the code of the program
# laid out by a profile of its turns once it is linked (docs/adr/0026). The profile is of x86-64 code, and version 19
# wrote it.
find_program(FLIPSYNC_BOLT NAMES llvm-bolt-19 llvm-bolt DOC "LLVM's post-link optimizer; it lays out the program's code")
mark_as_advanced(FLIPSYNC_BOLT)
set(FLIPSYNC_LAYS_OUT_CODE OFF)
if(FLIPSYNC_SANITIZE STREQUAL "off" AND NOT FLIPSYNC_COVERAGE)
  add_compile_options(-ffunction-sections)
  if(FLIPSYNC_LLD AND FLIPSYNC_BOLT AND CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
    execute_process(COMMAND "${FLIPSYNC_BOLT}" --version OUTPUT_VARIABLE bolt_version ERROR_QUIET)
    if(bolt_version MATCHES "LLVM version ([0-9]+)" AND CMAKE_MATCH_1 GREATER_EQUAL 19)
      set(FLIPSYNC_LAYS_OUT_CODE ON)
    endif()
  endif()
  if(NOT FLIPSYNC_LAYS_OUT_CODE)
    message(STATUS "No llvm-bolt 19: the program will be slower (docs/adr/0026)")
  elseif(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # g++ would split functions by what it guesses; the optimizer splits them by what it knows.
    add_compile_options(-fno-reorder-blocks-and-partition)
  endif()
endif()
