# Imported target LibTorch::LibTorch out of an unpacked torch wheel (find_package(Torch) insists on a CUDA toolkit).
# Looks in HONE_LIBTORCH (cache or environment), then in the .venv of this checkout. The CPU libraries are enough.
set(HONE_LIBTORCH "$ENV{HONE_LIBTORCH}" CACHE PATH "folder of the torch package: holds include/ and lib/")
file(GLOB _venv_torch "${CMAKE_SOURCE_DIR}/.venv/lib/python3*/site-packages/torch")
find_path(LibTorch_INCLUDE_DIR ATen/ATen.h PATHS ${HONE_LIBTORCH} ${_venv_torch} PATH_SUFFIXES include NO_DEFAULT_PATH)
find_library(LibTorch_CPU torch_cpu PATHS ${HONE_LIBTORCH} ${_venv_torch} PATH_SUFFIXES lib NO_DEFAULT_PATH)
find_library(LibTorch_C10 c10 PATHS ${HONE_LIBTORCH} ${_venv_torch} PATH_SUFFIXES lib NO_DEFAULT_PATH)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LibTorch REQUIRED_VARS LibTorch_CPU LibTorch_C10 LibTorch_INCLUDE_DIR
  REASON_FAILURE_MESSAGE "run ./hone setup, or set HONE_LIBTORCH to the folder of torch 2.11 (it holds include/ and lib/)")
if(LibTorch_FOUND AND NOT TARGET LibTorch::LibTorch)
  add_library(LibTorch::LibTorch INTERFACE IMPORTED)
  # After the system's folders: the wheel brings an fmt of its own, which must not stand in for the one that spdlog was built with.
  target_compile_options(LibTorch::LibTorch INTERFACE
    "SHELL:-idirafter ${LibTorch_INCLUDE_DIR}" "SHELL:-idirafter ${LibTorch_INCLUDE_DIR}/torch/csrc/api/include")
  target_link_libraries(LibTorch::LibTorch INTERFACE ${LibTorch_CPU} ${LibTorch_C10})
  target_compile_definitions(LibTorch::LibTorch INTERFACE _GLIBCXX_USE_CXX11_ABI=1 AT_PER_OPERATOR_HEADERS)
endif()
