# find_package(assistd-plugin): the target assistd::plugin (headers) and the function assistd_add_plugin.
include(CMakeFindDependencyMacro)
find_dependency(nlohmann_json)
include(${CMAKE_CURRENT_LIST_DIR}/assistd_plugin.cmake)

if(NOT TARGET assistd::plugin)
  get_filename_component(prefix ${CMAKE_CURRENT_LIST_DIR}/../../.. ABSOLUTE)
  add_library(assistd::plugin INTERFACE IMPORTED)
  set_target_properties(assistd::plugin PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES ${prefix}/include
    INTERFACE_LINK_LIBRARIES nlohmann_json::nlohmann_json
    INTERFACE_COMPILE_FEATURES cxx_std_20)
endif()
