# libwireroom: a consumer for C programs.
add_library(wireroom_client SHARED ${CMAKE_CURRENT_LIST_DIR}/wireroom.c)
set_target_properties(wireroom_client PROPERTIES OUTPUT_NAME wireroom VERSION ${PROJECT_VERSION} SOVERSION 0
  LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
target_include_directories(wireroom_client PRIVATE ${CMAKE_SOURCE_DIR}/include)
target_link_libraries(wireroom_client PRIVATE PkgConfig::zmq)
add_executable(wireroom_follow ${CMAKE_CURRENT_LIST_DIR}/follow.c)
set_target_properties(wireroom_follow PROPERTIES OUTPUT_NAME follow RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/clients)
target_link_libraries(wireroom_follow PRIVATE wireroom_client)
configure_file(${CMAKE_CURRENT_LIST_DIR}/libwireroom.pc.in ${CMAKE_BINARY_DIR}/libwireroom.pc @ONLY)
install(TARGETS wireroom_client LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(FILES ${CMAKE_CURRENT_LIST_DIR}/wireroom.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} RENAME wireroom.h)
install(FILES ${CMAKE_BINARY_DIR}/libwireroom.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
install(FILES ${CMAKE_CURRENT_LIST_DIR}/libwireroom.3 DESTINATION ${CMAKE_INSTALL_MANDIR}/man3)
