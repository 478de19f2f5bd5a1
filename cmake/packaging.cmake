# The Debian package: cmake --preset release -DCMAKE_INSTALL_PREFIX=/usr, build, then `cpack` in the build folder.
# Included at the end of the root CMakeLists.txt, so that it knows everything that is installed.

include(GNUInstallDirs)
add_subdirectory(${CMAKE_SOURCE_DIR}/docs/man man)
add_subdirectory(${CMAKE_SOURCE_DIR}/completions completions)

# Changelog and copyright where Debian policy wants them (12.5, 12.7).
set(NEWSWIRE_DOC ${CMAKE_INSTALL_DATADIR}/doc/newswire)
install(FILES packaging/debian/copyright DESTINATION ${NEWSWIRE_DOC})
install(FILES config/newswire.yaml DESTINATION ${NEWSWIRE_DOC}/examples)
foreach(document README.md docs/configuration.md docs/article.schema.json docs/protocol.md docs/rules.md docs/events.md
        docs/metrics.md docs/spool-format.md docs/recipes.md docs/operating.md)
  if(EXISTS ${CMAKE_SOURCE_DIR}/${document})
    install(FILES ${document} DESTINATION ${NEWSWIRE_DOC})
  endif()
endforeach()
# Clients: a header for C++, and programs to start from.
install(DIRECTORY include/newswire DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY examples/ DESTINATION ${NEWSWIRE_DOC}/examples USE_SOURCE_PERMISSIONS)
install(FILES docs/monitoring/alerts.yml docs/monitoring/grafana-dashboard.json DESTINATION ${NEWSWIRE_DOC}/monitoring)
find_program(NEWSWIRE_GZIP gzip REQUIRED)
set(NEWSWIRE_CHANGELOG ${CMAKE_BINARY_DIR}/changelog.Debian.gz)
add_custom_command(OUTPUT ${NEWSWIRE_CHANGELOG} VERBATIM
                   COMMAND ${NEWSWIRE_GZIP} -9nc ${CMAKE_SOURCE_DIR}/packaging/debian/changelog > ${NEWSWIRE_CHANGELOG}
                   DEPENDS ${CMAKE_SOURCE_DIR}/packaging/debian/changelog)
add_custom_target(newswire_changelog ALL DEPENDS ${NEWSWIRE_CHANGELOG})
install(FILES ${NEWSWIRE_CHANGELOG} DESTINATION ${NEWSWIRE_DOC})

# Units and configuration have absolute places, and the unit names the binary: that fits only for /usr.
if(NOT CMAKE_INSTALL_PREFIX STREQUAL "/usr")
  return()
endif()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME newswire)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT "newswire maintainers <newswire@packages.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "feed ingest daemon: RSS, Atom and JSON feeds to one clean stream")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "newswired polls feeds politely, parses even broken ones, takes promotional
boilerplate out of every article and appends it as one line of JSON to a
durable, resumable spool. Programs follow the spool with tail -F, or over a
Unix socket from any point of the past, without losing or repeating a line.
.
newswirectl controls the daemon and runs each of its stages offline.")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_HOMEPAGE "https://github.com/newswire/newswire")
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "ca-certificates, systemd | systemd-standalone-sysusers, systemd | systemd-standalone-tmpfiles")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "jq, socat")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION TRUE)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
    ${CMAKE_SOURCE_DIR}/packaging/debian/postinst ${CMAKE_SOURCE_DIR}/packaging/debian/prerm
    ${CMAKE_SOURCE_DIR}/packaging/debian/postrm
    ${CMAKE_SOURCE_DIR}/packaging/debian/conffiles)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
include(CPack)
