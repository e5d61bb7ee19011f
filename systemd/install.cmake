# All that is installed beside programs and modules.
set(WIREROOM_CONF ${CMAKE_INSTALL_FULL_SYSCONFDIR}/wireroom/wireroom.yaml)
configure_file(${CMAKE_SOURCE_DIR}/systemd/wireroomd.service.in
  ${CMAKE_BINARY_DIR}/systemd/wireroomd.service @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/systemd/wireroomd.service DESTINATION lib/systemd/system)
install(FILES ${CMAKE_SOURCE_DIR}/systemd/wireroom.sysusers DESTINATION lib/sysusers.d RENAME wireroom.conf)
install(FILES ${CMAKE_SOURCE_DIR}/systemd/wireroom.tmpfiles DESTINATION lib/tmpfiles.d RENAME wireroom.conf)

install(FILES ${CMAKE_SOURCE_DIR}/include/wireroom/event.schema.json DESTINATION ${CMAKE_INSTALL_DATADIR}/wireroom)

# An operator's own configuration is never overwritten: a new release lies beside it.
if(EXISTS ${CMAKE_SOURCE_DIR}/conf/wireroom.yaml)
  install(CODE "
    set(target \"\$ENV{DESTDIR}${WIREROOM_CONF}\")
    if(EXISTS \"\${target}\")
      set(target \"\${target}.new\")
    endif()
    message(STATUS \"Installing: \${target}\")
    configure_file(\"${CMAKE_SOURCE_DIR}/conf/wireroom.yaml\" \"\${target}\" COPYONLY)")
endif()
file(GLOB lists CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/conf/feeds/*.opml)
install(FILES ${lists} DESTINATION ${CMAKE_INSTALL_DATADIR}/wireroom/feeds)

foreach(section IN ITEMS 1 5 7 8)
  file(GLOB pages CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/daemon/*.${section}
    ${CMAKE_SOURCE_DIR}/daemon/cli/*.${section} ${CMAKE_SOURCE_DIR}/daemon/feed/*.${section}
    ${CMAKE_SOURCE_DIR}/conf/*.${section}
    ${CMAKE_SOURCE_DIR}/stages/*/*.${section})
  install(FILES ${pages} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section})
endforeach()

# The program writes its own shell completions.
function(install_completion shell path)
  install(CODE "
    set(target \"\$ENV{DESTDIR}${CMAKE_INSTALL_FULL_DATADIR}/${path}\")
    get_filename_component(dir \"\${target}\" DIRECTORY)
    file(MAKE_DIRECTORY \"\${dir}\")
    message(STATUS \"Installing: \${target}\")
    execute_process(COMMAND ${CMAKE_BINARY_DIR}/bin/wireroom completion ${shell} OUTPUT_FILE \"\${target}\"
      COMMAND_ERROR_IS_FATAL ANY)")
endfunction()
if(TARGET wireroom)
  install_completion(bash bash-completion/completions/wireroom)
  install_completion(zsh zsh/vendor-completions/_wireroom)
  install_completion(fish fish/vendor_completions.d/wireroom.fish)
endif()
