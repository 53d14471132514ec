# hone_box(LIBRARY): builds what runs inside of sandboxes (rewards/box/) and puts it into LIBRARY as bytes, so that the program is
# one file wherever it is copied. No sanitizer: these run under address space limits and inside an interpreter that has none.
function(hone_box library)
  set(shared rewards/box/serve.cpp rewards/box/confine.cpp rewards/box/watch.cpp)
  set(folder ${CMAKE_BINARY_DIR}/box)
  add_executable(hone_box_native rewards/box/native_main.cpp ${shared})
  add_library(hone_box_python MODULE rewards/box/python_module.cpp ${shared})
  foreach(target hone_box_native hone_box_python)
    target_link_libraries(${target} PRIVATE hone_options)
    target_compile_options(${target} PRIVATE -fno-exceptions -fno-rtti -fno-sanitize=all)
    target_link_options(${target} PRIVATE -fno-sanitize=all -Wl,--as-needed -s)
    set_target_properties(${target} PROPERTIES PREFIX "" RUNTIME_OUTPUT_DIRECTORY ${folder} LIBRARY_OUTPUT_DIRECTORY ${folder})
  endforeach()
  set(native ${folder}/hone_box_native)
  set(module ${folder}/hone_box_python.so)
  set(script ${CMAKE_SOURCE_DIR}/rewards/box/warm_python.py)
  set_source_files_properties(rewards/sandbox_images.cpp PROPERTIES
    COMPILE_DEFINITIONS "HONE_BOX_NATIVE=\"${native}\";HONE_BOX_PYTHON=\"${module}\";HONE_BOX_SCRIPT=\"${script}\""
    OBJECT_DEPENDS "${native};${module};${script}")
  add_dependencies(${library} hone_box_native hone_box_python)
endfunction()
