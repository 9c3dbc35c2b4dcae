# BLAKE3::blake3, from an installation with CMake files or from a bare header and library.

find_package(BLAKE3 QUIET CONFIG NAMES blake3 BLAKE3)
if(NOT TARGET BLAKE3::blake3)
  find_path(BLAKE3_INCLUDE_DIR blake3.h)
  find_library(BLAKE3_LIBRARY blake3)
  mark_as_advanced(BLAKE3_INCLUDE_DIR BLAKE3_LIBRARY)
endif()

include(FindPackageHandleStandardArgs)
if(TARGET BLAKE3::blake3)
  set(BLAKE3_FOUND TRUE)
else()
  find_package_handle_standard_args(BLAKE3 REQUIRED_VARS BLAKE3_LIBRARY BLAKE3_INCLUDE_DIR)
endif()
if(BLAKE3_FOUND AND NOT TARGET BLAKE3::blake3)
  add_library(BLAKE3::blake3 UNKNOWN IMPORTED)
  set_target_properties(BLAKE3::blake3 PROPERTIES IMPORTED_LOCATION "${BLAKE3_LIBRARY}"
                                                  INTERFACE_INCLUDE_DIRECTORIES "${BLAKE3_INCLUDE_DIR}")
endif()
