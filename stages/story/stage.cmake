# The model is taken in as it is: a new one builds text.c anew.
add_library(story_model STATIC ${CMAKE_CURRENT_LIST_DIR}/trained/text.c)
target_include_directories(story_model PRIVATE ${CMAKE_CURRENT_LIST_DIR} ${CMAKE_SOURCE_DIR}/daemon)
set_source_files_properties(${CMAKE_CURRENT_LIST_DIR}/trained/text.c PROPERTIES
  COMPILE_DEFINITIONS "TRAINED=\"${CMAKE_CURRENT_LIST_DIR}/trained\""
  OBJECT_DEPENDS "${CMAKE_CURRENT_LIST_DIR}/trained/model.txt;${CMAKE_CURRENT_LIST_DIR}/trained/common.words")
set(stage_story_link story_model text base m)
