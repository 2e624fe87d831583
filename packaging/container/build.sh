#!/usr/bin/env bash
# What happens in the build stage of the Containerfile.
#   build.sh packages      the Debian packages that the build needs
#   build.sh install DIR   DIR/manager and DIR/hypervisor, the files of each image from its root on, and beside them
#                          DIR/manager.packages and DIR/hypervisor.packages, the Debian packages whose libraries they use
set -euo pipefail

tools=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../tools" && pwd)
# shellcheck source=tools/lib.sh
source "$tools/lib.sh"
# shellcheck source=tools/packages.sh
source "$tools/packages.sh"
# shellcheck source=tools/web.sh
source "$tools/web.sh"
# shellcheck source=tools/build.sh
source "$tools/build.sh"

# libraries_of PROGRAM: the packages of its shared libraries; their names differ from release to release.
libraries_of() {
  local library owners
  ldd "$1" | grep -o '/[^ ]*' | while read -r library; do
    library=$(readlink -f "$library")
    # dpkg may know it by the path from before /lib became a link. It says "diversion by" of some, too.
    owners=$(dpkg-query --search "$library" "${library#/usr}" 2>/dev/null | sed '/^diversion by /d; s/:.*//' || true)
    [[ -n $owners ]] || die "no Debian package has $library"
    echo "$owners"
  done | sort -u
}

# install_image DIR COMPONENT...: as `cmake --install` puts them below /usr/local.
install_image() {
  local root=$1 component
  shift
  for component in "$@"; do
    DESTDIR=$root quietly "$BUILD/logs/install-$component.log" \
      cmake --install "$BUILD" --prefix /usr/local --component "$component" --strip
  done
  install -D --mode 0755 "$ROOT/packaging/container/health.sh" "$root/usr/local/libexec/am-health"
  libraries_of "$BUILD/bin/am" >"$root.packages"
}

case ${1:-} in
  packages)
    ensure_packages run build
    ensure_node
    ;;
  install)
    build_binaries
    build_environment
    # The distribution's packages would be in this stage only, and every image would promise what it does not have.
    [[ ! -e $BUILD/venvs/default/note.txt ]] || die "the package index is needed for the environment 'default'."
    build_web
    install_image "$2/manager" am manager
    install_image "$2/hypervisor" am hypervisor
    ;;
  *) die "build.sh: packages or install DIR, got '$*'" ;;
esac
