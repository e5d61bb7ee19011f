# Which version this is. Included: `version` from the newest tag vX.Y.Z, where the tree is a clone that has one.
# Run as a script (-P, with -DSOURCE= and -DHEADER=): a header with the commit, written anew only when it has changed.
function(ask_git dir ret)
  find_program(GIT git)
  # A tree unpacked within another one's clone has no version of its own.
  if(GIT AND EXISTS ${dir}/.git)
    execute_process(COMMAND ${GIT} -c safe.directory=* -C ${dir} ${ARGN} OUTPUT_VARIABLE answer ERROR_QUIET
      OUTPUT_STRIP_TRAILING_WHITESPACE)
  endif()
  set(${ret} "${answer}" PARENT_SCOPE)
endfunction()

if(CMAKE_SCRIPT_MODE_FILE)
  # "+" after the commit: there were changes beside it.
  ask_git(${SOURCE} commit describe --always --exclude=* --abbrev=12 --dirty=+)
  file(CONFIGURE OUTPUT ${HEADER} CONTENT "#define WIREROOM_COMMIT \"${commit}\"\n" @ONLY)
else()
  ask_git(${CMAKE_CURRENT_SOURCE_DIR} tag describe --tags --abbrev=0 --match v[0-9]*)
  if(tag MATCHES "^v([0-9]+\\.[0-9]+(\\.[0-9]+)?)")
    set(version ${CMAKE_MATCH_1})
  endif()
endif()
