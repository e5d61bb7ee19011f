# Programs outside of this folder that are built with the stage's sources.
file(GLOB extract_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/stages/extract/*.c)
foreach(program IN ITEMS bench_extract fuzz_extract)
  if(TARGET ${program})
    target_sources(${program} PRIVATE ${extract_sources})
    target_include_directories(${program} PRIVATE ${CMAKE_SOURCE_DIR}/stages/extract)
    target_link_libraries(${program} PRIVATE ${stage_extract_link})
  endif()
endforeach()
