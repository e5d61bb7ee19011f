set(stage_names_link text base PkgConfig::icu)
install(FILES ${CMAKE_SOURCE_DIR}/stages/names/gazetteer/names-places DESTINATION ${CMAKE_INSTALL_DATADIR}/wireroom)
