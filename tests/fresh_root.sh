#!/usr/bin/env bash
# The promise of the README on a machine with nothing: makes a minimal Debian, puts a clone of this checkout's HEAD
# in, and runs there what a new user runs. A manual test: needs root, mmdebstrap, git and the Debian mirror.
#
#   tests/fresh_root.sh [bookworm|trixie] [build|up|test]      (bookworm, up)
#
# build: compiles, then a second time.  up: also starts it, imports the example and runs its first script.
# test: also ./appmanager test. FRESH_ROOT_DIR names the parent of the temporary root (a few GB, default /tmp).
set -euo pipefail

suite=${1:-bookworm}
goal=${2:-up}
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

fail() {
  echo "fresh_root.sh: $*" >&2
  exit 1
}

# Runs inside of the new root, as its own first process: what it leaves behind ends with it.
inside() {
  local address line
  cd /opt/application-manager
  echo "== ./appmanager build"
  time ./appmanager build
  echo "== ./appmanager build, again"
  time ./appmanager build
  [[ -x build/bin/am && -x build/bin/am-observer ]] || fail "no programs in build/bin"
  [[ -f build/web/index.html ]] || fail "no web IDE in build/web"
  build/bin/am image show --json | grep -q '"note":""' || fail "no image in build/image with the pinned packages"
  [[ ! -e build/venvs/default/note.txt ]] || fail "the default environment is not the pinned one"
  [[ $goal != build ]] || return 0

  echo "== ./appmanager up"
  mkfifo /tmp/output
  ./appmanager up --data /tmp/data --listen 127.0.0.1:0 --ipc-port 0 --resource-port 0 --ready-file /tmp/ready \
    >/tmp/output 2>&1 &
  exec 3</tmp/output
  # It prints one line with the address once it is up.
  while read -r -t 120 line <&3; do
    echo "$line"
    [[ $line != *http://* ]] || break
  done
  [[ $line == *http://* ]] || fail "am up printed no address within 120 s"
  address=$(grep -o '"url": *"[^"]*"' /tmp/ready | cut -d '"' -f 4)
  AM_TOKEN=$(grep -o '"token": *"[^"]*"' /tmp/ready | cut -d '"' -f 4)
  export AM_URL=$address AM_TOKEN
  PATH=$PWD/build/bin:$PATH
  am app import examples/Manual
  line=$(am run Manual test.py)
  [[ $line == *'Hello world!'* ]] || fail "test.py printed: $line"
  kill -TERM %1
  wait %1 || fail "am up ended with code $?"
  echo "== up, import, run and stop: fine"
  [[ $goal == test ]] || return 0

  echo "== ./appmanager test"
  time ./appmanager test
}

if [[ ${FRESH_ROOT_INSIDE:-} == yes ]]; then
  inside
  exit 0
fi

[[ $goal =~ ^(build|up|test)$ ]] || fail "unknown goal '$goal': build, up or test"
((EUID == 0)) || fail "needs root"
command -v mmdebstrap >/dev/null || fail "needs mmdebstrap: apt-get install mmdebstrap"

root=$(mktemp -d "${FRESH_ROOT_DIR:-/tmp}/fresh-$suite.XXXXXX")
trap 'rm -rf --one-file-system "$root"' EXIT
echo "== a minimal $suite in $root"
mmdebstrap --quiet --variant=minbase "$suite" "$root"
git clone --quiet "$repository" "$root/opt/application-manager"
cp /etc/resolv.conf /etc/hosts "$root/etc/"
# The registries may be reached by a certificate and settings of this machine's own.
cp /etc/ssl/certs/ca-certificates.crt "$root/etc/machine-certificates.crt"
[[ ! -e /etc/pip.conf ]] || sed 's|^cert *=.*||' /etc/pip.conf >"$root/etc/pip.conf"
find /etc/apt/apt.conf.d -name '*proxy*' -exec cp {} "$root/etc/apt/apt.conf.d/" \;
settings=(PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 FRESH_ROOT_INSIDE=yes
  PIP_CERT=/etc/machine-certificates.crt SSL_CERT_FILE=/etc/machine-certificates.crt
  NODE_EXTRA_CA_CERTS=/etc/machine-certificates.crt npm_config_cafile=/etc/machine-certificates.crt)
for name in http_proxy https_proxy no_proxy PIP_INDEX_URL PIP_DEFAULT_TIMEOUT npm_config_registry; do
  [[ -z ${!name:-} ]] || settings+=("$name=${!name}")
done

# Mounts and processes of the test end with these namespaces; the inner shell expands its own arguments.
# shellcheck disable=SC2016
unshare --mount --pid --fork --kill-child bash -euc '
  root=$1 suite=$2 goal=$3
  shift 3
  mount --rbind /dev "$root/dev"
  mount --rbind /sys "$root/sys"
  mount -t proc proc "$root/proc"
  mount -t tmpfs tmpfs "$root/tmp"
  exec chroot "$root" env -i "$@" bash /opt/application-manager/tests/fresh_root.sh "$suite" "$goal"
' bash "$root" "$suite" "$goal" "${settings[@]}"
