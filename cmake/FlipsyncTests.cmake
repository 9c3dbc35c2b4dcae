# How a folder declares its tests and examples.
#
#   flipsync_unit_tests(store_test
#     SOURCES migrations_test.cpp product_store_test.cpp
#     LINK flipsync_store flipsync_test_support
#     LABELS tsan)
#
#     One Catch2 program; every TEST_CASE becomes a ctest of its own, "store_test: <name>", with the
#     label `unit`, those of LABELS, and 60 seconds at most (TIMEOUT n for another limit). The label
#     `tsan` is for programs that start no actor system: CAF is not built with the thread sanitizer,
#     which would then see races that are none. LABELS integration (or scenario) replaces `unit`.
#
#   flipsync_example(01_hello SOURCES hello.cpp LINK flipsync_embed ARGS --offline)
#     An example, which the test run also executes and which must exit with 0.

# Two targets for builds that want no more: `cmake --build … --target unit_tests` or `tsan_tests`.

find_package(Catch2 3 REQUIRED)
include(Catch)
add_custom_target(unit_tests)
add_custom_target(tsan_tests)

function(flipsync_unit_tests name)
  cmake_parse_arguments(arg "JOIN_FOLDERS" "TIMEOUT" "SOURCES;LINK;LABELS;PRECOMPILE" ${ARGN})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 60)
  endif()
  if(NOT arg_LABELS MATCHES "integration|scenario")
    list(PREPEND arg_LABELS unit)
  endif()
  set(join)
  if(arg_JOIN_FOLDERS)
    set(join JOIN_FOLDERS)
  endif()
  add_executable(${name})
  flipsync_configure_target(${name} SOURCES ${arg_SOURCES} LINK ${arg_LINK} Catch2::Catch2WithMain
                            PRECOMPILE ${arg_PRECOMPILE} ${join})
  # The code under test is the program's own; that of the tests is compiled once and run once.
  target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-O1>)
  catch_discover_tests(${name} TEST_PREFIX "${name}: " DISCOVERY_MODE PRE_TEST
                       PROPERTIES TIMEOUT ${arg_TIMEOUT})
  flipsync_label_discovered_tests(${name} "${arg_LABELS}")
  foreach(label IN ITEMS unit tsan)
    if(label IN_LIST arg_LABELS)
      add_dependencies(${label}_tests ${name})
    endif()
  endforeach()
endfunction()

# catch_discover_tests would split a list of labels, so they are set once ctest has read the tests.
# (A semicolon in the name of a TEST_CASE would split that name, so names have none.)
function(flipsync_label_discovered_tests name labels)
  set(script "${CMAKE_CURRENT_BINARY_DIR}/${name}_labels.cmake")
  file(WRITE "${script}" "if(${name}_TESTS)\n"
                         "  set_tests_properties(\${${name}_TESTS} PROPERTIES LABELS \"${labels}\")\n"
                         "endif()\n")
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES "${script}")
endfunction()

function(flipsync_example name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK;ARGS" ${ARGN})
  add_executable(example_${name})
  flipsync_configure_target(example_${name} SOURCES ${arg_SOURCES} LINK ${arg_LINK})
  add_test(NAME "example: ${name}" COMMAND example_${name} ${arg_ARGS})
  set_tests_properties("example: ${name}" PROPERTIES LABELS example TIMEOUT 60)
endfunction()
