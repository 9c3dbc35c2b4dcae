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
# A folder's sources are compiled several at a time, as one unit (docs/adr/0029): names in their anonymous
# namespaces must differ within the folder. With JOIN_FOLDERS a unit may take sources of several, which is for targets
# of many small folders.
#
# FlipsyncTests.cmake adds flipsync_unit_tests and flipsync_example.

function(flipsync_configure_target target)
  cmake_parse_arguments(arg "JOIN_FOLDERS" "" "SOURCES;LINK;PRECOMPILE" ${ARGN})
  if(arg_UNPARSED_ARGUMENTS OR NOT arg_SOURCES)
    message(FATAL_ERROR "${target}: wants SOURCES … and maybe LINK … (left over: ${arg_UNPARSED_ARGUMENTS})")
  endif()
  target_sources(${target} PRIVATE ${arg_SOURCES})
  if(arg_LINK AND NOT arg_LINK MATCHES "^(PUBLIC|PRIVATE|INTERFACE)(;|$)")
    list(PREPEND arg_LINK PUBLIC)
  endif()
  target_link_libraries(${target} PUBLIC flipsync_options ${arg_LINK})
  flipsync_join_sources(${target} "${arg_JOIN_FOLDERS}" ${arg_SOURCES})
  if(arg_PRECOMPILE)
    target_precompile_headers(${target} PRIVATE ${arg_PRECOMPILE})
  endif()
endfunction()

# Sources of one folder, in the order in which the target lists them, FLIPSYNC_UNIT_SIZE to a unit.
function(flipsync_join_sources target join_folders)
  list(LENGTH ARGN sources)
  if(FLIPSYNC_UNIT_SIZE LESS_EQUAL 1 OR sources LESS_EQUAL 1)
    return()
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
  foreach(source IN LISTS ARGN)
    if(IS_ABSOLUTE "${source}") # generated
      continue()
    endif()
    set(group all)
    if(NOT join_folders)
      get_filename_component(folder "${source}" DIRECTORY)
      string(MAKE_C_IDENTIFIER "of_${folder}" group)
    endif()
    math(EXPR place "${${group}_sources} + 0")
    math(EXPR ${group}_sources "${place} + 1")
    math(EXPR unit "${place} / ${FLIPSYNC_UNIT_SIZE}")
    set_source_files_properties("${source}" PROPERTIES UNITY_GROUP "${group}_${unit}")
  endforeach()
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
