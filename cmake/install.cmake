# `cmake --install BUILD [--prefix PREFIX] [--component NAME] [--strip]`: the layout in which `am` finds its files,
#   bin/am                              component am
#   share/application-manager/web       component manager
#   bin/{am-observer,am-container}, share/application-manager/{python,venvs}   component hypervisor
#   lib/systemd/system, lib/sysusers.d  component systemd
# All of them without --component. The task container's image is built in place afterwards: PREFIX/bin/am image build.
set(AM_SHARE share/application-manager)

install(TARGETS am DESTINATION bin COMPONENT am)
install(TARGETS am-observer am-container DESTINATION bin COMPONENT hypervisor)

# What the bootstrap makes beside the programs; half an installation would only be noticed when it is used.
function(am_install_needs path component)
  install(CODE "
    if(NOT EXISTS \"${CMAKE_BINARY_DIR}/${path}\")
      message(FATAL_ERROR \"${CMAKE_BINARY_DIR}/${path} is missing; make it with: ./appmanager build\")
    endif()" COMPONENT ${component})
endfunction()

am_install_needs(web/index.html manager)
install(DIRECTORY ${CMAKE_BINARY_DIR}/web/ DESTINATION ${AM_SHARE}/web COMPONENT manager)

install(DIRECTORY ${CMAKE_SOURCE_DIR}/python/ DESTINATION ${AM_SHARE}/python COMPONENT hypervisor
  PATTERN __pycache__ EXCLUDE PATTERN *.pyc EXCLUDE)
am_install_needs(venvs/default/complete hypervisor)
install(CODE "set(AM_BUILT_VENVS \"${CMAKE_BINARY_DIR}/venvs\")
set(AM_VENVS \"\${CMAKE_INSTALL_PREFIX}/${AM_SHARE}/venvs\")
set(AM_PYTHON \"\${CMAKE_INSTALL_PREFIX}/${AM_SHARE}/python\")" COMPONENT hypervisor)
install(SCRIPT ${CMAKE_SOURCE_DIR}/cmake/install_venv.cmake COMPONENT hypervisor)

install(CODE "set(AM_UNITS \"${CMAKE_SOURCE_DIR}/packaging/systemd\")" COMPONENT systemd)
install(SCRIPT ${CMAKE_SOURCE_DIR}/cmake/install_units.cmake COMPONENT systemd)
