# Runs at `cmake --install`: the units of AM_UNITS, with this installation's prefix in the place of /usr/local.
foreach(kind service:systemd/system conf:sysusers.d)
  string(REPLACE ":" ";" parts "${kind}")
  list(GET parts 0 suffix)
  list(GET parts 1 folder)
  file(GLOB units "${AM_UNITS}/*.${suffix}")
  foreach(unit IN LISTS units)
    get_filename_component(name "${unit}" NAME)
    file(INSTALL "${unit}" DESTINATION "${CMAKE_INSTALL_PREFIX}/lib/${folder}")
    execute_process(COMMAND sed -i "s|/usr/local/|${CMAKE_INSTALL_PREFIX}/|g"
      "$ENV{DESTDIR}${CMAKE_INSTALL_PREFIX}/lib/${folder}/${name}" COMMAND_ERROR_IS_FATAL ANY)
  endforeach()
endforeach()
