# hone_commit.h: the commit that is checked out, written again when that changes. Configured: hone_commit_header(TARGET).
# Run as a script (-DOUT=file -DSOURCE=checkout) it writes the header.
if(CMAKE_SCRIPT_MODE_FILE)
  execute_process(COMMAND git -C ${SOURCE} rev-parse --short HEAD OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE
    RESULT_VARIABLE failed ERROR_QUIET)
  if(failed OR NOT commit)
    set(commit unknown)
  endif()
  file(WRITE ${OUT} "#pragma once\nnamespace hone {\ninline constexpr const char* kCommit = \"${commit}\";\n}  // namespace hone\n")
  return()
endif()

function(hone_commit_header target)
  set(out ${CMAKE_BINARY_DIR}/generated/hone_commit.h)
  set(head ${CMAKE_SOURCE_DIR}/.git/logs/HEAD)
  if(NOT EXISTS ${head})  # no history here, or a linked worktree: what git says when the folder is configured
    set(head)
  endif()
  add_custom_command(OUTPUT ${out} DEPENDS ${head} COMMENT "commit"
    COMMAND ${CMAKE_COMMAND} -DOUT=${out} -DSOURCE=${CMAKE_SOURCE_DIR} -P ${CMAKE_SOURCE_DIR}/cmake/HoneCommit.cmake)
  target_sources(${target} PRIVATE ${out})
  target_include_directories(${target} PRIVATE ${CMAKE_BINARY_DIR}/generated)
endfunction()
