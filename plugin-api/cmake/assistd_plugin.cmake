# assistd_add_plugin(NAME
#                    SOURCES file…            the plugin's code, C or C++
#                    MANIFEST plugin.json     see plugin-api/README.md; typed tools need no "input" in it
#                    [LINK target…]           libraries; static ones need POSITION_INDEPENDENT_CODE
#                    [OUTPUT_DIRECTORY dir]   default: plugins/ in the build folder
#                    [NO_INSTALL])
#
# Builds NAME.so: the manifest stands in the ELF section .assistd.manifest, where it can be read without running any
# code, and assistd_plugin_entry is the only exported symbol; a build that exports anything else fails. Once linked,
# the library is asked for the schemas of its typed tools, and its manifest completed with them and with the parts of
# its phrases; that manifest is also the file that the target's property ASSISTD_MANIFEST names.

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
  assistd_check_manifest(${name} ${manifest} incomplete)

  # .incbin takes the file as it is, also one with quotes and line ends. The section is not loaded into memory.
  get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
  set(embed ${CMAKE_CURRENT_BINARY_DIR}/${name}_manifest.c)
  if(CXX IN_LIST languages)
    string(APPEND embed pp)
  endif()
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
  assistd_complete_manifest(${name} ${manifest} ${incomplete})

  if(NOT ARG_NO_INSTALL)
    if(NOT ASSISTD_PLUGIN_INSTALL_DIRECTORY)
      set(ASSISTD_PLUGIN_INSTALL_DIRECTORY lib/assistd/plugins)
    endif()
    install(TARGETS ${name} LIBRARY DESTINATION ${ASSISTD_PLUGIN_INSTALL_DIRECTORY})
  endif()
endfunction()

# The mistakes that are cheapest to find here; the daemon checks the whole manifest when it reads the library. Sets
# `incomplete` to whether something must be put in: a tool's "input", which comes from the code, or parts of phrases.
function(assistd_check_manifest name manifest incomplete)
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
  set(${incomplete} OFF PARENT_SCOPE)
  string(JSON parts ERROR_VARIABLE problem TYPE "${text}" phrase_parts)
  if(NOT problem)
    set(${incomplete} ON PARENT_SCOPE)
  endif()
  string(JSON count LENGTH "${text}" tools)
  if(count GREATER 0)
    math(EXPR last "${count} - 1")
    foreach(index RANGE ${last})
      string(JSON input ERROR_VARIABLE problem TYPE "${text}" tools ${index} input)
      if(problem)
        set(${incomplete} ON PARENT_SCOPE)
      endif()
    endforeach()
  endif()
endfunction()

# The program that asks is built with the plugin's own compiler and options, so that a sanitizer fits.
function(assistd_complete_manifest name manifest must)
  set_target_properties(${name} PROPERTIES ASSISTD_MANIFEST ${manifest})
  get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
  if(NOT CXX IN_LIST languages OR (CMAKE_CROSSCOMPILING AND NOT CMAKE_CROSSCOMPILING_EMULATOR))
    if(must)
      message(FATAL_ERROR "assistd_add_plugin(${name}): ${manifest} needs the \"input\" of each tool and may have no "
                          "\"phrase_parts\", because no C++ program can be built and run here to complete it "
                          "(LANGUAGES CXX of the project, CMAKE_CROSSCOMPILING_EMULATOR).")
    endif()
    return()
  endif()
  if(NOT TARGET assistd_complete_manifest)
    add_executable(assistd_complete_manifest EXCLUDE_FROM_ALL ${ASSISTD_PLUGIN_CMAKE_DIRECTORY}/complete_manifest.cpp)
    target_link_libraries(assistd_complete_manifest PRIVATE assistd::plugin ${CMAKE_DL_LIBS})
    target_compile_options(assistd_complete_manifest PRIVATE -w)
    set_target_properties(assistd_complete_manifest PROPERTIES
                          RUNTIME_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/CMakeFiles)
  endif()
  add_dependencies(${name} assistd_complete_manifest)
  set(completed ${CMAKE_CURRENT_BINARY_DIR}/${name}.plugin.json)
  set_target_properties(${name} PROPERTIES ASSISTD_MANIFEST ${completed})
  add_custom_command(TARGET ${name} POST_BUILD VERBATIM BYPRODUCTS ${completed}
    COMMAND ${CMAKE_COMMAND} "-DPROGRAM=${CMAKE_CROSSCOMPILING_EMULATOR};$<TARGET_FILE:assistd_complete_manifest>"
            -DOBJCOPY=${CMAKE_OBJCOPY} -DLIBRARY=$<TARGET_FILE:${name}> -DMANIFEST=${manifest} -DOUTPUT=${completed}
            -DMUST=${must} -P ${ASSISTD_PLUGIN_CMAKE_DIRECTORY}/complete_manifest.cmake)
endfunction()
