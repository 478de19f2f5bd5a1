# Everything outside this tree, all of it from Debian packages (the list stands in ./dev).

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
set(Boost_USE_STATIC_LIBS ON)  # as all small libraries that have one: each shared one costs every start
find_package(Boost 1.81 REQUIRED COMPONENTS json)
find_package(pugixml REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)
find_package(CURL REQUIRED)
pkg_check_modules(sqlite REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(re2 REQUIRED IMPORTED_TARGET re2)
pkg_check_modules(gumbo REQUIRED IMPORTED_TARGET gumbo)
pkg_check_modules(uchardet REQUIRED IMPORTED_TARGET uchardet)
find_library(NEWSWIRE_UCHARDET NAMES libuchardet.a uchardet REQUIRED)
pkg_check_modules(zstd REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(systemd REQUIRED IMPORTED_TARGET libsystemd)
pkg_check_modules(idn2 REQUIRED IMPORTED_TARGET libidn2)
pkg_check_modules(xxhash REQUIRED IMPORTED_TARGET libxxhash)
find_library(NEWSWIRE_CLD2 cld2 REQUIRED)

# The daemon allocates on the loop and frees on workers and the writer, day after day: jemalloc took a fifth less
# processor time for a poll than glibc's malloc, and does not grow. Not under sanitizers, which bring their own.
add_library(newswire_allocator INTERFACE)
if(NEWSWIRE_JEMALLOC AND NOT NEWSWIRE_SANITIZE AND NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
  pkg_check_modules(jemalloc REQUIRED IMPORTED_TARGET jemalloc)
  target_link_libraries(newswire_allocator INTERFACE PkgConfig::jemalloc)
endif()

# The static library where Debian has one: a tree is walked by calls of a few instructions each.
set(NEWSWIRE_PUGIXML pugixml::pugixml)
if(TARGET pugixml::static)
  set(NEWSWIRE_PUGIXML pugixml::static)
endif()

# yaml-cpp of Debian 12 exports the target without a namespace.
if(NOT TARGET yaml-cpp::yaml-cpp)
  add_library(yaml-cpp::yaml-cpp ALIAS yaml-cpp)
endif()

# Asio is compiled once (asio.cpp) instead of in every file that includes it.
add_library(newswire_asio STATIC ${CMAKE_SOURCE_DIR}/cmake/asio.cpp)
target_compile_definitions(newswire_asio PUBLIC BOOST_ASIO_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED
                                                BOOST_ASIO_DISABLE_BOOST_REGEX)
target_link_libraries(newswire_asio PUBLIC Boost::headers Threads::Threads)
