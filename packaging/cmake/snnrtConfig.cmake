# The imported target snnrt::snnrt: the header, and the archive of the core that is compiled for.
#
#     find_package(snnrt REQUIRED)              with CMAKE_PREFIX_PATH or snnrt_DIR naming this archive's folder
#     target_link_libraries(program snnrt::snnrt)
#
# The core is what the compiler says under CMAKE_C_FLAGS and the options of the directory that calls find_package; options set
# only on a target, or later, are not seen. Where that is too little, set SNNRT_CORE to the folder of an archive before. On a Cortex-M
# this also links the archive of a smaller core on purpose. SNNRT_CORE_FOUND says which was taken.

# As it is packed; or as make install lays it out, in lib/cmake/snnrt of a prefix.
get_filename_component(_snnrt_root "${CMAKE_CURRENT_LIST_DIR}/.." ABSOLUTE)
set(_snnrt_libraries "${_snnrt_root}/lib")
if(NOT EXISTS "${_snnrt_root}/include/snnrt.h")
  get_filename_component(_snnrt_root "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
  set(_snnrt_libraries "${_snnrt_root}/lib/snnrt")
endif()

if(CMAKE_C_COMPILER_LOADED)
  set(_snnrt_language C)
else()
  set(_snnrt_language CXX)
endif()
set(_snnrt_compiler "${CMAKE_${_snnrt_language}_COMPILER}")
separate_arguments(_snnrt_flags UNIX_COMMAND "${CMAKE_${_snnrt_language}_COMPILER_ARG1} ${CMAKE_${_snnrt_language}_FLAGS}")
get_directory_property(_snnrt_options COMPILE_OPTIONS)
# A generator expression says nothing before generation.
list(FILTER _snnrt_options EXCLUDE REGEX "\\$<")
if(CMAKE_${_snnrt_language}_COMPILER_TARGET)
  list(APPEND _snnrt_flags "--target=${CMAKE_${_snnrt_language}_COMPILER_TARGET}")
endif()
execute_process(
  COMMAND "${_snnrt_compiler}" ${_snnrt_flags} ${_snnrt_options} -E "-I${_snnrt_root}/include" "${CMAKE_CURRENT_LIST_DIR}/core.c"
  OUTPUT_VARIABLE _snnrt_said ERROR_VARIABLE _snnrt_error RESULT_VARIABLE _snnrt_result)
if(_snnrt_result EQUAL 0 AND _snnrt_said MATCHES "snnrt_core_is ([a-z0-9_]+)")
  set(_snnrt_own "${CMAKE_MATCH_1}")
else()
  set(_snnrt_own "")
endif()

if(SNNRT_CORE)
  set(SNNRT_CORE_FOUND "${SNNRT_CORE}")
else()
  # The name in object code, as a folder.
  string(REGEX REPLACE "^(cortex|x86_64|aarch64|wasm32)_" "\\1-" SNNRT_CORE_FOUND "${_snnrt_own}")
endif()

set(_snnrt_archive "${_snnrt_libraries}/${SNNRT_CORE_FOUND}/libsnnrt.a")
if(NOT SNNRT_CORE_FOUND OR NOT EXISTS "${_snnrt_archive}")
  set(snnrt_FOUND FALSE)
  set(snnrt_NOT_FOUND_MESSAGE
      "no archive for the core '${SNNRT_CORE_FOUND}' (${_snnrt_compiler} ${_snnrt_flags}): set SNNRT_CORE to a folder of ${_snnrt_libraries}\n${_snnrt_error}")
elseif(NOT TARGET snnrt::snnrt)
  add_library(snnrt::snnrt STATIC IMPORTED GLOBAL)
  set_target_properties(
    snnrt::snnrt PROPERTIES
    IMPORTED_LOCATION "${_snnrt_archive}"
    INTERFACE_INCLUDE_DIRECTORIES "${_snnrt_root}/include")
  # Tables of ops (snnrt.h, "What is linked") that lie in a program's own archive are taken if asked for first.
  if(CMAKE_${_snnrt_language}_COMPILER_ID MATCHES "^(GNU|Clang)$")
    set_target_properties(snnrt::snnrt PROPERTIES INTERFACE_LINK_OPTIONS "LINKER:-u,snnrt_ticks")
  endif()
  # Another core on purpose: the header gives its names.
  if(SNNRT_CORE MATCHES "^cortex-")
    string(REPLACE "-" "_" _snnrt_name "${SNNRT_CORE}")
    if(NOT _snnrt_name STREQUAL _snnrt_own)
      set_target_properties(snnrt::snnrt PROPERTIES INTERFACE_COMPILE_DEFINITIONS "SNNRT_CORE=${_snnrt_name}")
    endif()
  endif()
endif()
