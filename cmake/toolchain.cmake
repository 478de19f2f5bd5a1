# Flags that every target shares: warnings (on an interface target), sanitizers, hardening, ccache.

find_program(NEWSWIRE_CCACHE ccache)
if(NEWSWIRE_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # With a precompiled header ccache needs to be told that its time stamps and defines do not matter.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
                                  CCACHE_NOHASHDIR=1 CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} ${NEWSWIRE_CCACHE})
endif()

add_library(newswire_warnings INTERFACE)
target_compile_options(newswire_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wold-style-cast -Wnon-virtual-dtor -Woverloaded-virtual -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # Asio's coroutine frames at -O2: the operator pair in its header does match.
  target_compile_options(newswire_warnings INTERFACE -Wno-mismatched-new-delete)
  # libstdc++ 12's std::string at -O2: false positives about memcpy ranges (GCC bug 105329, 105651).
  target_compile_options(newswire_warnings INTERFACE -Wno-restrict)
endif()

if(NEWSWIRE_SANITIZE)
  add_compile_options(-fsanitize=${NEWSWIRE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${NEWSWIRE_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(newswire_warnings INTERFACE -Wno-maybe-uninitialized)
    if(NEWSWIRE_SANITIZE MATCHES "thread")
      target_compile_options(newswire_warnings INTERFACE -Wno-tsan)  # fences inside Asio
    endif()
  endif()
elseif(CMAKE_BUILD_TYPE STREQUAL "Release" OR CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo")
  add_compile_options(-fstack-protector-strong -D_FORTIFY_SOURCE=2)
  add_link_options(-Wl,-z,relro,-z,now)
endif()
if(NEWSWIRE_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)  # the rooms count their edges: without, the fuzzer sees only its own target
endif()
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
