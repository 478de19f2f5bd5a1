# newswire_room(spool SOURCES segment.cpp … ROOMS base LIBRARIES PkgConfig::zstd [ASIO])
#
# One room: a static library newswire_<room>. Its include path shows its own folder and those of the rooms it
# names, nothing else, so a forbidden include does not compile. ASIO: the room lives on the event loop, and shares
# the precompiled header of newswire_base_async.
function(newswire_room name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "ASIO" "" "SOURCES;ROOMS;LIBRARIES")
  set(view ${CMAKE_BINARY_DIR}/rooms/${name})
  file(MAKE_DIRECTORY ${view})
  file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR} ${view}/${name} SYMBOLIC)
  add_library(newswire_${name} STATIC ${ARG_SOURCES})
  target_include_directories(newswire_${name} PUBLIC ${view})
  list(TRANSFORM ARG_ROOMS PREPEND newswire_)
  target_link_libraries(newswire_${name} PUBLIC ${ARG_ROOMS} PRIVATE newswire_warnings ${ARG_LIBRARIES})
  if(ARG_ASIO)
    target_link_libraries(newswire_${name} PUBLIC newswire_asio)
    newswire_asio_pch(newswire_${name})
  endif()
endfunction()

# The precompiled header of everything on Asio: built once, reused by rooms, daemon and tests.
function(newswire_asio_pch target)
  if(NOT TARGET newswire_asio_pch)
    add_library(newswire_asio_pch OBJECT ${CMAKE_SOURCE_DIR}/cmake/asio_pch.cpp)
    target_link_libraries(newswire_asio_pch PUBLIC newswire_asio PRIVATE newswire_warnings)
    target_precompile_headers(newswire_asio_pch PRIVATE ${CMAKE_SOURCE_DIR}/cmake/asio_pch.h)
  endif()
  get_target_property(kind ${target} TYPE)
  if(kind STREQUAL "EXECUTABLE")  # its -fPIE would not match the -fPIC of the header
    set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
    target_compile_options(${target} PRIVATE -fPIC)
  endif()
  target_precompile_headers(${target} REUSE_FROM newswire_asio_pch)
  target_compile_definitions(${target} PRIVATE $<TARGET_PROPERTY:newswire_asio,INTERFACE_COMPILE_DEFINITIONS>)
endfunction()

# newswire_test(feed SOURCES dates_test.cpp … ROOMS feed LIBRARIES … [ASIO])
#
# The unit tests of one room: one GoogleTest program test_<room>, one test of CTest.
function(newswire_test name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "ASIO" "" "SOURCES;ROOMS;LIBRARIES")
  add_executable(test_${name} ${ARG_SOURCES})
  list(TRANSFORM ARG_ROOMS PREPEND newswire_)
  target_link_libraries(test_${name} PRIVATE ${ARG_ROOMS} newswire_warnings ${ARG_LIBRARIES} GTest::gmock GTest::gtest_main)
  target_compile_definitions(test_${name} PRIVATE NEWSWIRE_TEST_DATA="${CMAKE_SOURCE_DIR}/tests/data"
                                                  NEWSWIRE_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  if(ARG_ASIO)
    target_link_libraries(test_${name} PRIVATE newswire_asio)
    newswire_asio_pch(test_${name})
  endif()
  # One process a room: under AddressSanitizer starting a process costs more than most tests.
  add_test(NAME ${name} COMMAND test_${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT 600)
endfunction()
