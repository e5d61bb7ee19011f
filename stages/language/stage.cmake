# CLD2 speaks C++ only: detect.cc is the one file that does.
enable_language(CXX)
add_library(language_detect STATIC ${CMAKE_CURRENT_LIST_DIR}/detect.cc)
get_directory_property(language_flags COMPILE_OPTIONS)
list(FILTER language_flags EXCLUDE REGEX "prototypes")
set_target_properties(language_detect PROPERTIES COMPILE_OPTIONS "${language_flags}" CXX_VISIBILITY_PRESET hidden)
target_link_libraries(language_detect PUBLIC cld2)
set(stage_language_link language_detect)
