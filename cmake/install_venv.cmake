# Runs at `cmake --install`: AM_BUILT_VENVS/default, a link to .default.<key>, becomes the same below AM_VENVS. The
# link is switched at the end and the former environment stays, for the tasks that run in it.
set(staged "$ENV{DESTDIR}${AM_VENVS}")
file(REAL_PATH "${AM_BUILT_VENVS}/default" built)
get_filename_component(name "${built}" NAME)
file(GLOB former LIST_DIRECTORIES true "${staged}/.default.*")
set(used)
if(IS_SYMLINK "${staged}/default")
  file(READ_SYMLINK "${staged}/default" used)
endif()

file(INSTALL "${built}/" DESTINATION "${AM_VENVS}/${name}" USE_SOURCE_PERMISSIONS)

# Its scripts name the place where it was made.
file(GLOB texts "${staged}/${name}/bin/*" "${staged}/${name}/pyvenv.cfg")
foreach(text IN LISTS texts)
  if(IS_SYMLINK "${text}" OR IS_DIRECTORY "${text}")
    continue()
  endif()
  file(READ "${text}" content LIMIT 64 HEX)
  if(content MATCHES "^7f454c46")  # a program
    continue()
  endif()
  execute_process(COMMAND sed -i "s|${built}|${AM_VENVS}/${name}|g" "${text}" COMMAND_ERROR_IS_FATAL ANY)
endforeach()

# Whoever runs tasks may not write here, so the bytecode of ompy is made now.
if(EXISTS "${built}/bin/python")
  execute_process(COMMAND "${built}/bin/python" -m compileall -q "$ENV{DESTDIR}${AM_PYTHON}")
endif()

file(CREATE_LINK "${name}" "${staged}/default.new" SYMBOLIC)
file(RENAME "${staged}/default.new" "${staged}/default")
foreach(one IN LISTS former)
  get_filename_component(one_name "${one}" NAME)
  if(NOT one_name STREQUAL name AND NOT one_name STREQUAL used)
    file(REMOVE_RECURSE "${one}")
  endif()
endforeach()
