# What a stage of a third party is built against: the header, and two ways to find it. The build tree has the CMake
# package, too, so that a stage can be built before anything is installed.
include(CMakePackageConfigHelpers)
file(STRINGS ${CMAKE_CURRENT_LIST_DIR}/wireroom/stage.h stage_abi REGEX "^#define WR_STAGE_ABI")
string(REGEX REPLACE "[^0-9]" "" stage_abi "${stage_abi}")
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/wireroom)

set(include_dir ${CMAKE_INSTALL_INCLUDEDIR})
set(bin_dir ${CMAKE_INSTALL_BINDIR})
set(stages_dir ${CMAKE_INSTALL_LIBDIR}/wireroom/stages)
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/wireroomConfig.cmake.in
  ${CMAKE_BINARY_DIR}/package/wireroomConfig.cmake INSTALL_DESTINATION ${package_dir}
  PATH_VARS include_dir bin_dir stages_dir NO_SET_AND_CHECK_MACRO NO_CHECK_REQUIRED_COMPONENTS_MACRO)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/package/wireroomConfigVersion.cmake
  COMPATIBILITY SameMajorVersion ARCH_INDEPENDENT)

set(PACKAGE_INIT "")
set(PACKAGE_include_dir ${CMAKE_CURRENT_LIST_DIR})
set(PACKAGE_bin_dir ${CMAKE_BINARY_DIR}/bin)
set(PACKAGE_stages_dir ${module_dir})
configure_file(${CMAKE_CURRENT_LIST_DIR}/wireroomConfig.cmake.in
  ${CMAKE_BINARY_DIR}/lib/cmake/wireroom/wireroomConfig.cmake @ONLY)
configure_file(${CMAKE_BINARY_DIR}/package/wireroomConfigVersion.cmake
  ${CMAKE_BINARY_DIR}/lib/cmake/wireroom/wireroomConfigVersion.cmake COPYONLY)

# Paths below the prefix go by where the file lies, so that it may be installed elsewhere.
file(RELATIVE_PATH up /p/${CMAKE_INSTALL_LIBDIR}/pkgconfig /p)
string(REGEX REPLACE "/$" "" up "${up}")
set(pc_prefix "\${pcfiledir}/${up}")
if(IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}")
  set(pc_prefix ${CMAKE_INSTALL_PREFIX})
endif()
foreach(what IN ITEMS include bin stages)
  set(pc_${what}_dir ${${what}_dir})
  if(NOT IS_ABSOLUTE "${pc_${what}_dir}")
    set(pc_${what}_dir "\${prefix}/${pc_${what}_dir}")
  endif()
endforeach()
configure_file(${CMAKE_CURRENT_LIST_DIR}/wireroom.pc.in ${CMAKE_BINARY_DIR}/package/wireroom.pc @ONLY)

install(FILES ${CMAKE_CURRENT_LIST_DIR}/wireroom/stage.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/wireroom)
install(FILES ${CMAKE_BINARY_DIR}/package/wireroomConfig.cmake ${CMAKE_BINARY_DIR}/package/wireroomConfigVersion.cmake
  DESTINATION ${package_dir})
install(FILES ${CMAKE_BINARY_DIR}/package/wireroom.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
