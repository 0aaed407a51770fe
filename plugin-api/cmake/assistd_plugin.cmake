# assistd_add_plugin(NAME
#                    SOURCES file…            the plugin's code, C or C++
#                    MANIFEST plugin.json     see plugin-api/README.md
#                    [LINK target…]           libraries; static ones need POSITION_INDEPENDENT_CODE
#                    [OUTPUT_DIRECTORY dir]   default: plugins/ in the build folder
#                    [NO_INSTALL])
#
# Builds NAME.so: the manifest stands in the ELF section .assistd.manifest, where it can be read without running any
# code, and assistd_plugin_entry is the only exported symbol; a build that exports anything else fails.

set(ASSISTD_PLUGIN_CMAKE_DIRECTORY ${CMAKE_CURRENT_LIST_DIR} CACHE INTERNAL "Where assistd_plugin.cmake is")

function(assistd_add_plugin name)
  cmake_parse_arguments(ARG "NO_INSTALL" "MANIFEST;OUTPUT_DIRECTORY" "SOURCES;LINK" ${ARGN})
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "assistd_add_plugin(${name}): unknown arguments: ${ARG_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT ARG_SOURCES OR NOT ARG_MANIFEST)
    message(FATAL_ERROR "assistd_add_plugin(${name}) needs SOURCES and MANIFEST.")
  endif()
  get_filename_component(manifest ${ARG_MANIFEST} ABSOLUTE BASE_DIR ${CMAKE_CURRENT_SOURCE_DIR})
  assistd_check_manifest(${name} ${manifest})

  # .incbin takes the file as it is, also one with quotes and line ends. The section is not loaded into memory.
  set(embed ${CMAKE_CURRENT_BINARY_DIR}/${name}_manifest.cpp)
  file(CONFIGURE OUTPUT ${embed} @ONLY CONTENT [=[
__asm__(".pushsection .assistd.manifest,\"\",@progbits\n.incbin \"@manifest@\"\n.popsection\n");
]=])
  set_source_files_properties(${embed} PROPERTIES OBJECT_DEPENDS ${manifest} SKIP_PRECOMPILE_HEADERS ON)

  add_library(${name} MODULE ${ARG_SOURCES} ${embed})
  target_link_libraries(${name} PRIVATE assistd::plugin ${ARG_LINK})
  if(NOT ARG_OUTPUT_DIRECTORY)
    set(ARG_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/plugins)
    if(ASSISTD_PLUGIN_OUTPUT_DIRECTORY)
      set(ARG_OUTPUT_DIRECTORY ${ASSISTD_PLUGIN_OUTPUT_DIRECTORY})
    endif()
  endif()
  set_target_properties(${name} PROPERTIES
    PREFIX "" OUTPUT_NAME ${name} SUFFIX .so
    LIBRARY_OUTPUT_DIRECTORY ${ARG_OUTPUT_DIRECTORY}
    POSITION_INDEPENDENT_CODE ON
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)

  # The version script also hides what visibility flags cannot: weak symbols of the standard library's templates.
  set(script ${ASSISTD_PLUGIN_CMAKE_DIRECTORY}/exports.map)
  target_link_options(${name} PRIVATE LINKER:--version-script=${script})
  set_target_properties(${name} PROPERTIES LINK_DEPENDS ${script})
  # A sanitizer's own functions are only found when the program is linked.
  if(NOT "${ASSISTD_SANITIZE} ${CMAKE_CXX_FLAGS} ${CMAKE_SHARED_LINKER_FLAGS}" MATCHES "address|thread|sanitize")
    target_link_options(${name} PRIVATE LINKER:-z,defs)
  endif()
  add_custom_command(TARGET ${name} POST_BUILD VERBATIM
    COMMAND ${CMAKE_COMMAND} -DNM=${CMAKE_NM} -DLIBRARY=$<TARGET_FILE:${name}>
            -P ${ASSISTD_PLUGIN_CMAKE_DIRECTORY}/check_exports.cmake)

  if(NOT ARG_NO_INSTALL)
    if(NOT ASSISTD_PLUGIN_INSTALL_DIRECTORY)
      set(ASSISTD_PLUGIN_INSTALL_DIRECTORY lib/assistd/plugins)
    endif()
    install(TARGETS ${name} LIBRARY DESTINATION ${ASSISTD_PLUGIN_INSTALL_DIRECTORY})
  endif()
endfunction()

# The mistakes that are cheapest to find here; the daemon checks the whole manifest when it reads the library.
function(assistd_check_manifest name manifest)
  if(NOT EXISTS ${manifest})
    message(FATAL_ERROR "assistd_add_plugin(${name}): there is no ${manifest}.")
  endif()
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${manifest})
  file(READ ${manifest} text)
  foreach(key id version abi licence tools)
    string(JSON value ERROR_VARIABLE problem GET "${text}" ${key})
    if(problem)
      message(FATAL_ERROR "assistd_add_plugin(${name}): ${manifest}: ${problem}.")
    endif()
  endforeach()
endfunction()
