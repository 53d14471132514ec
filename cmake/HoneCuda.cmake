# hone_cuda(NAME FOLDER [DEPENDS lib...]): a static library of FOLDER/*.cu by nvcc, for sm_80 (and what is like it), sm_90a, and as PTX
# for what is newer; and the table of what the kernels use, kernels.txt in the build folder. HONE_CUDA says whether: auto (where nvcc
# is found), on, off. CMake's own CUDA language is not used: it insists on a test program, and keeps ptxas' report to itself.
set(HONE_CUDA auto CACHE STRING "build the CUDA kernels: auto (where there is nvcc), on or off")
set_property(CACHE HONE_CUDA PROPERTY STRINGS auto on off)
# The order of roundings is part of the definition: nothing contracted, nothing flushed, IEEE's division and root (docs/exactness.md).
# The PTX is left uncompressed so that tests can read it.
set(HONE_NVCC_FLAGS -std=c++20 -O3 -fmad=false -prec-div=true -prec-sqrt=true -ftz=false --no-compress
  -gencode arch=compute_80,code=[sm_80,compute_80] -gencode arch=compute_90a,code=sm_90a -Xptxas=-v -Xcompiler=-Wall,-fPIC)

# hone_nvcc(OBJECTS FOLDER source...): sets OBJECTS to the objects of the sources, in FOLDER of the build folder, each with ptxas' report
# beside it.
function(hone_nvcc objects folder)
  set(all)
  foreach(source ${ARGN})
    get_filename_component(stem ${source} NAME_WE)
    set(object ${CMAKE_BINARY_DIR}/${folder}/${stem}.o)
    set(report ${CMAKE_BINARY_DIR}/${folder}/${stem}.ptxas)
    add_custom_command(OUTPUT ${object} BYPRODUCTS ${report} DEPENDS ${source} DEPFILE ${object}.d VERBATIM COMMENT "nvcc ${stem}.cu"
      COMMAND ${CMAKE_SOURCE_DIR}/scripts/nvcc_reported ${report} ${HONE_CCACHE} ${HONE_NVCC} ${HONE_NVCC_FLAGS}
        -I ${CMAKE_SOURCE_DIR} -MD -MF ${object}.d -c ${source} -o ${object})
    list(APPEND all ${object})
  endforeach()
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/${folder})
  set_source_files_properties(${all} PROPERTIES EXTERNAL_OBJECT ON GENERATED ON)
  set(${objects} ${all} PARENT_SCOPE)
endfunction()

function(hone_cuda name folder)
  cmake_parse_arguments(arg "" "" "DEPENDS" ${ARGN})
  if(NOT HONE_CUDA MATCHES "^(auto|on|off)$")
    message(FATAL_ERROR "HONE_CUDA: got '${HONE_CUDA}', expected auto, on or off")
  endif()
  find_program(HONE_NVCC nvcc PATHS /usr/local/cuda/bin)
  if(HONE_CUDA STREQUAL "on" AND NOT HONE_NVCC)
    message(FATAL_ERROR "HONE_CUDA=on: there is no nvcc on the PATH nor in /usr/local/cuda/bin")
  endif()
  if(HONE_CUDA STREQUAL "off" OR NOT HONE_NVCC OR HONE_SANITIZE)
    message(STATUS "CUDA kernels: not built (HONE_CUDA=${HONE_CUDA}, nvcc: ${HONE_NVCC})")
    return()
  endif()
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.cu)
  hone_nvcc(objects cuda ${sources})
  string(REGEX REPLACE "\\.o(;|$)" ".ptxas\\1" reports "${objects}")
  set(table ${CMAKE_BINARY_DIR}/kernels.txt)
  add_custom_command(OUTPUT ${table} DEPENDS ${objects} ${CMAKE_SOURCE_DIR}/scripts/kernel_table VERBATIM COMMENT "kernels.txt"
    COMMAND ${CMAKE_SOURCE_DIR}/scripts/kernel_table ${table} ${reports})
  add_custom_target(${name}_table ALL DEPENDS ${table})
  add_library(${name} STATIC ${objects})
  add_dependencies(${name} ${name}_table)
  set_target_properties(${name} PROPERTIES LINKER_LANGUAGE CXX)
  get_filename_component(bin ${HONE_NVCC} REALPATH)
  get_filename_component(bin ${bin} DIRECTORY)
  find_library(HONE_CUDART cudart_static PATHS ${bin}/../lib64 ${bin}/../targets/x86_64-linux/lib ${bin}/../lib REQUIRED)
  find_path(HONE_CUDA_INCLUDE cuda_runtime.h PATHS ${bin}/../include ${bin}/../targets/x86_64-linux/include REQUIRED NO_DEFAULT_PATH)
  target_link_libraries(${name} PUBLIC ${arg_DEPENDS} ${HONE_CUDART} Threads::Threads ${CMAKE_DL_LIBS} rt)
endfunction()

# hone_gpu_tests(TESTS FOLDER DEPENDS lib...): the kernel tests of tests/FOLDER a second time, on a real device (tests/cuda_on_gpu), with
# the label gpu; without a device they are skipped. Tests of the stand-in and of the build stay behind.
function(hone_gpu_tests tests folder)
  cmake_parse_arguments(arg "" "" "DEPENDS" ${ARGN})
  if(NOT HONE_BUILD_TESTS)
    return()
  endif()
  if(NOT TARGET hone_cuda)
    add_test(NAME gpu.skipped COMMAND ${CMAKE_COMMAND} -E echo "[  SKIPPED ] every test on a GPU: the CUDA kernels were not built")
    set_tests_properties(gpu.skipped PROPERTIES LABELS gpu SKIP_REGULAR_EXPRESSION "SKIPPED")
    return()
  endif()
  file(GLOB sources CONFIGURE_DEPENDS tests/${folder}/*_test.cpp tests/cuda_on_gpu/*.cpp)
  list(FILTER sources EXCLUDE REGEX "(stand_in|kernel_table|ptx_mix|geometry|device_blocks|bench_cases)_test\\.cpp$")
  file(GLOB kernels CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/${folder}/*.cu)
  hone_nvcc(objects cuda_tests ${kernels})
  add_executable(${tests} ${sources} tests/${folder}/device_blocks.cpp ${objects})
  target_link_libraries(${tests} PRIVATE hone_cuda ${arg_DEPENDS} GTest::gtest)
  target_include_directories(${tests} SYSTEM PRIVATE ${HONE_CUDA_INCLUDE})
  target_link_options(${tests} PRIVATE -Wl,--wrap=cudaLaunchKernelExC)
  gtest_discover_tests(${tests} TEST_PREFIX gpu. PROPERTIES LABELS gpu DISCOVERY_TIMEOUT 60)
endfunction()

# hone_cuda_on_cpu(TESTS FOLDER): FOLDER/*.cu as C++ in the executable TESTS, with the stand-in of tests/cuda_on_cpu for CUDA's headers,
# and with AddressSanitizer, which sees what lies beyond an array of a kernel.
function(hone_cuda_on_cpu tests folder)
  if(NOT TARGET ${tests})
    return()
  endif()
  file(GLOB kernels CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.cu ${CMAKE_SOURCE_DIR}/tests/${folder}/*.cu)
  file(GLOB stand_in CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/cuda_on_cpu/*.cpp ${CMAKE_SOURCE_DIR}/tests/${folder}/device_blocks.cpp
    ${CMAKE_SOURCE_DIR}/bench/cuda/*_cases.cpp)
  set_source_files_properties(${kernels} PROPERTIES LANGUAGE CXX COMPILE_OPTIONS "-x;c++;-O1")
  target_sources(${tests} PRIVATE ${kernels} ${stand_in})
  target_compile_options(${tests} PRIVATE -Wno-unknown-pragmas)
  target_include_directories(${tests} BEFORE PRIVATE ${CMAKE_SOURCE_DIR}/tests/cuda_on_cpu)
  set(table "")
  if(TARGET hone_cuda_table)
    add_dependencies(${tests} hone_cuda_table)
    set(table ${CMAKE_BINARY_DIR}/kernels.txt)
  endif()
  set_source_files_properties(tests/${folder}/kernel_table_test.cpp tests/${folder}/ptx_mix_test.cpp PROPERTIES COMPILE_DEFINITIONS HONE_KERNEL_TABLE="${table}")
  if(NOT HONE_SANITIZE)
    target_compile_options(${tests} PRIVATE -fsanitize=address,undefined -fno-sanitize-recover=all -g1 -Wno-maybe-uninitialized)
    target_link_options(${tests} PRIVATE -fsanitize=address,undefined)
  endif()
endfunction()

# hone_policy_tests(KERNELS OPERATORS DEPENDS lib...): tests/gpu twice. hone_gpu_policy_tests runs on a GPU and skips without one.
# hone_gpu_on_cpu_tests has the operators' sources with CUDA kernels, the kernels as C++, and LibTorch's CUDA device in host memory:
# the whole program's way over a GPU, on a CPU.
function(hone_policy_tests kernels operators)
  cmake_parse_arguments(arg "" "" "DEPENDS" ${ARGN})
  if(NOT HONE_BUILD_TESTS OR HONE_SANITIZE)
    return()
  endif()
  file(GLOB tests CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/gpu/*_test.cpp)
  add_executable(hone_gpu_policy_tests ${tests} ${CMAKE_SOURCE_DIR}/tests/gpu/real_gpu.cpp)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/gpu_on_cpu/*.cpp ${CMAKE_SOURCE_DIR}/tests/cuda_on_cpu/*.cpp
    ${CMAKE_SOURCE_DIR}/${kernels}/*.cu ${CMAKE_SOURCE_DIR}/${kernels}/*.cpp ${CMAKE_SOURCE_DIR}/${operators}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/cuda_on_cpu/(test_device|asan_options)\\.cpp$")  # of the kernel tests
  add_executable(hone_gpu_on_cpu_tests ${tests} ${sources})
  target_compile_definitions(hone_gpu_on_cpu_tests PRIVATE HONE_CUDA_KERNELS)
  target_compile_options(hone_gpu_on_cpu_tests PRIVATE -Wno-unknown-pragmas -Wno-maybe-uninitialized)
  target_include_directories(hone_gpu_on_cpu_tests BEFORE PRIVATE ${CMAKE_SOURCE_DIR}/tests/cuda_on_cpu)
  foreach(target hone_gpu_policy_tests hone_gpu_on_cpu_tests)
    target_sources(${target} PRIVATE ${CMAKE_SOURCE_DIR}/tests/source_dir.cpp)
    target_link_libraries(${target} PRIVATE ${arg_DEPENDS} GTest::gtest_main)
  endforeach()
  gtest_discover_tests(hone_gpu_policy_tests TEST_PREFIX gpu_policy. PROPERTIES LABELS gpu DISCOVERY_TIMEOUT 60)
  gtest_discover_tests(hone_gpu_on_cpu_tests TEST_FILTER "Slow*" TEST_PREFIX gpu_on_cpu. TEST_LIST hone_gpu_on_cpu_slow
    PROPERTIES LABELS slow DISCOVERY_TIMEOUT 60)
  gtest_discover_tests(hone_gpu_on_cpu_tests TEST_FILTER "-Slow*" TEST_PREFIX gpu_on_cpu. PROPERTIES LABELS unit
    DISCOVERY_TIMEOUT 60)
endfunction()
