# hone_library(NAME FOLDER [DEPENDS lib...]): a static library of FOLDER/*.cpp, its tests and its header check.
# A file FOLDER/cpu/x.isa.cpp is compiled once for each instruction set, with HONE_ISA naming it.
function(hone_library name folder)
  cmake_parse_arguments(arg "" "" "DEPENDS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.cpp ${folder}/cpu/*.cpp)
  file(GLOB headers CONFIGURE_DEPENDS ${folder}/*.h ${folder}/cpu/*.h)
  file(GLOB isa_sources CONFIGURE_DEPENDS ${folder}/cpu/*.isa.cpp)
  list(REMOVE_ITEM sources ${isa_sources} ${CMAKE_SOURCE_DIR}/${folder}/main.cpp)
  list(FILTER headers EXCLUDE REGEX "simd\\.h$")  # need HONE_ISA: compiled by every .isa.cpp
  if(NOT sources)  # a folder that has no code yet
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE ${arg_DEPENDS} hone_options)
    return()
  endif()
  add_library(${name} STATIC ${sources})
  target_sources(${name} PUBLIC FILE_SET HEADERS BASE_DIRS ${CMAKE_SOURCE_DIR} FILES ${headers})
  target_link_libraries(${name} PUBLIC ${arg_DEPENDS} hone_options)
  set_target_properties(${name} PROPERTIES LINKER_LANGUAGE CXX)
  if(isa_sources)
    foreach(isa portable avx2 avx512)
      add_library(${name}_${isa} OBJECT ${isa_sources})
      target_link_libraries(${name}_${isa} PRIVATE hone_options)
      target_compile_definitions(${name}_${isa} PRIVATE HONE_ISA=${isa} HONE_ISA_${isa}=1)
      # GCC 12's own AVX-512 header starts registers with "__Y = __Y" and then warns about it.
      target_compile_options(${name}_${isa} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-uninitialized;-Wno-maybe-uninitialized> $<$<NOT:$<CONFIG:Debug>>:-O3> ${HONE_ISA_FLAGS_${isa}})
      target_sources(${name} PRIVATE $<TARGET_OBJECTS:${name}_${isa}>)
    endforeach()
  endif()
  hone_tests(${name} ${folder})
endfunction()

# hone_tests(LIB FOLDER): one executable of tests/FOLDER/*_test.cpp and tests/reference/; ctest sees each test, labelled by
# its suite's prefix: Slow*, Golden* and Gpu* suites get those labels, the rest `unit`.
function(hone_tests lib folder)
  if(NOT HONE_BUILD_TESTS)
    return()
  endif()
  file(GLOB tests CONFIGURE_DEPENDS tests/${folder}/*_test.cpp)
  if(tests)
    add_executable(${lib}_tests ${tests})
    target_link_libraries(${lib}_tests PRIVATE ${lib} GTest::gtest_main ${ARGN})
    target_compile_definitions(${lib}_tests PRIVATE HONE_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    foreach(label slow golden gpu)
      string(SUBSTRING ${label} 0 1 head)
      string(SUBSTRING ${label} 1 -1 tail)
      string(TOUPPER ${head} head)
      gtest_discover_tests(${lib}_tests TEST_FILTER "${head}${tail}*.*" TEST_PREFIX ${folder}.
        TEST_LIST ${lib}_${label} PROPERTIES LABELS ${label} DISCOVERY_TIMEOUT 60)
    endforeach()
    gtest_discover_tests(${lib}_tests TEST_FILTER "-Slow*:Golden*:Gpu*" TEST_PREFIX ${folder}.
      PROPERTIES LABELS unit DISCOVERY_TIMEOUT 60)
  endif()
endfunction()
