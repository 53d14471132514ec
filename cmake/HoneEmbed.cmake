# hone_embed(TARGET NAME FILE...): a source of TARGET with the texts of the files, so that the program needs none of them at run time:
#   namespace hone { extern const EmbeddedText NAME[]; extern const size_t NAME_size; }      core/embedded.h, sorted by file name
# Run as a script (-DOUT=file -DNAME=name -DFILES=a|b) it writes the source.
if(CMAKE_SCRIPT_MODE_FILE)
  string(REPLACE "|" ";" files "${FILES}")
  list(LENGTH files count)
  set(body "")
  foreach(file ${files})
    get_filename_component(stem ${file} NAME_WE)
    file(READ ${file} text)
    string(APPEND body "    {\"${stem}\", R\"embedded(${text})embedded\"},\n")
  endforeach()
  file(WRITE ${OUT} "#include \"core/embedded.h\"\nnamespace hone {\nextern const EmbeddedText ${NAME}[] = {\n${body}};\nextern const size_t ${NAME}_size = ${count};\n}  // namespace hone\n")
  return()
endif()

function(hone_embed target name)
  set(out ${CMAKE_BINARY_DIR}/generated/${name}.cpp)
  set(files ${ARGN})
  list(SORT files)
  list(JOIN files "|" joined)
  add_custom_command(OUTPUT ${out} DEPENDS ${files} ${CMAKE_SOURCE_DIR}/cmake/HoneEmbed.cmake COMMENT "${name}" VERBATIM
    COMMAND ${CMAKE_COMMAND} -DOUT=${out} -DNAME=${name} "-DFILES=${joined}" -P ${CMAKE_SOURCE_DIR}/cmake/HoneEmbed.cmake)
  target_sources(${target} PRIVATE ${out})
endfunction()
