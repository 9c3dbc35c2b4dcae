# How a folder declares its target. Sources are listed by hand; LINK takes PUBLIC / PRIVATE as
# target_link_libraries does, and is PUBLIC where nothing is said.
#
#   flipsync_library(flipsync_store
#     SOURCES migrations.cpp product_store.cpp
#     LINK PUBLIC flipsync_core PRIVATE SQLite::SQLite3)
#
#   flipsync_program(flipsync SOURCES main.cpp LINK flipsync_embed CLI11::CLI11)
#     builds build/<preset>/flipsync
#
# PRECOMPILE <caf/all.hpp> … names heavy third-party headers to parse once for the target. It pays
# from about four sources on; each source still includes what it uses.
#
# FlipsyncTests.cmake adds flipsync_unit_tests and flipsync_example.

function(flipsync_configure_target target)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK;PRECOMPILE" ${ARGN})
  if(arg_UNPARSED_ARGUMENTS OR NOT arg_SOURCES)
    message(FATAL_ERROR "${target}: wants SOURCES … and maybe LINK … (left over: ${arg_UNPARSED_ARGUMENTS})")
  endif()
  target_sources(${target} PRIVATE ${arg_SOURCES})
  if(arg_LINK AND NOT arg_LINK MATCHES "^(PUBLIC|PRIVATE|INTERFACE)(;|$)")
    list(PREPEND arg_LINK PUBLIC)
  endif()
  target_link_libraries(${target} PUBLIC flipsync_options ${arg_LINK})
  if(arg_PRECOMPILE)
    target_precompile_headers(${target} PRIVATE ${arg_PRECOMPILE})
  endif()
endfunction()

function(flipsync_library target)
  add_library(${target} STATIC)
  flipsync_configure_target(${target} ${ARGN})
endfunction()

function(flipsync_program target)
  add_executable(${target})
  flipsync_configure_target(${target} ${ARGN})
  set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}")
endfunction()
