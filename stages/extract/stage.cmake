# The extract stage links text and base as plain libraries, and an HTML parser: lexbor when pkg-config finds it (or
# -DWIREROOM_HTML=lexbor asks for it), libxml2 otherwise. Both are built in where both are there, so that the tests
# run with each; the first is what the stage uses.
add_library(extract_html INTERFACE)
target_link_libraries(extract_html INTERFACE PkgConfig::xml2)
if(NOT WIREROOM_HTML STREQUAL "libxml2")
  pkg_check_modules(lexbor IMPORTED_TARGET lexbor>=2.4)
endif()
if(lexbor_FOUND)
  target_link_libraries(extract_html INTERFACE PkgConfig::lexbor)
  target_compile_definitions(extract_html INTERFACE EXTRACT_LEXBOR)
  set(WIREROOM_HTML_USED "lexbor ${lexbor_VERSION}")
elseif(WIREROOM_HTML STREQUAL "lexbor")
  message(FATAL_ERROR "WIREROOM_HTML is lexbor, and pkg-config does not find it")
else()
  set(WIREROOM_HTML_USED "libxml2 ${xml2_VERSION}")
endif()
# A package for a distribution that lacks lexbor brings its library along, where no other program finds it.
if(WIREROOM_BUNDLE_LEXBOR AND lexbor_FOUND)
  pkg_get_variable(lexbor_libdir lexbor libdir)
  file(REAL_PATH ${lexbor_libdir}/liblexbor.so lexbor_file)
  string(REGEX REPLACE "^.*/(liblexbor\\.so\\.[0-9]+).*$" "\\1" lexbor_soname ${lexbor_file})
  install(PROGRAMS ${lexbor_file} DESTINATION ${CMAKE_INSTALL_LIBDIR}/wireroom RENAME ${lexbor_soname})
  cmake_language(DEFER CALL set_target_properties stage_extract PROPERTIES INSTALL_RPATH [[$ORIGIN/..]])
endif()
message(STATUS "HTML parser of the extract stage: ${WIREROOM_HTML_USED}")
set(stage_extract_link text base extract_html)

# The bench and the fuzz target run the stage without workers; they are known when all folders are read.
cmake_language(DEFER CALL include ${CMAKE_SOURCE_DIR}/stages/extract/programs.cmake)
