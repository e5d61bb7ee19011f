# Programs outside of this folder that are built with the stage's sources.
file(GLOB extract_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/stages/extract/*.c ${CMAKE_SOURCE_DIR}/stages/extract/[!t]*/*.c)
file(GLOB extract_programs CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/bench/bench_extract*.c
  ${CMAKE_SOURCE_DIR}/tests/fuzz/fuzz_extract*.c)
foreach(source IN LISTS extract_programs)
  get_filename_component(program ${source} NAME_WE)
  if(TARGET ${program})
    target_sources(${program} PRIVATE ${extract_sources})
    target_include_directories(${program} PRIVATE ${CMAKE_SOURCE_DIR}/stages/extract)
    target_link_libraries(${program} PRIVATE ${stage_extract_link})
  endif()
endforeach()
