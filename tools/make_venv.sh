#!/usr/bin/env bash
# make_venv.sh default|test|peers PINS: the Python environment of tasks (build/venvs/default), of the tests
# (build/test-venv) or of the benchmarks' peers (build/peers-venv) with exactly the packages of the pin file. Does nothing when it is there already.
#
# The environment is made in a directory of its own, named by the pins and the Python version, and a link
# is switched to it at the end: nobody sees half of one, and running tasks keep the one they started with.
set -euo pipefail
# shellcheck source=tools/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=tools/packages.sh
source "$(dirname "${BASH_SOURCE[0]}")/packages.sh"

name=$1
pins=$2
case $name in
  default) link=$BUILD/venvs/default ;;
  test | peers) link=$BUILD/$name-venv ;;
  *) die "make_venv.sh: environment '$name' is neither default, test nor peers" ;;
esac
log=$BUILD/logs/venv-$name.log
pip_options=(--disable-pip-version-check --no-input --retries 2 --only-binary :all: --require-hashes --no-compile)
[[ -n ${PIP_DEFAULT_TIMEOUT:-} ]] || pip_options+=(--timeout 30)

usable() { [[ -f $1/complete ]] && "$1/bin/python" -c '' 2>/dev/null; }

# make_from_index DIRECTORY: 1 when the index is out of reach or refuses.
make_from_index() {
  local directory=$1
  local -a index=()
  rm -rf "$directory"
  if command -v uv >/dev/null && uv --version >/dev/null 2>&1; then
    [[ -z ${PIP_INDEX_URL:-} ]] || index=(--default-index "$PIP_INDEX_URL")
    uv venv --quiet --python "$PYTHON" --no-project "$directory" &&
      uv pip install --quiet --python "$directory/bin/python" --require-hashes --only-binary :all: \
        "${index[@]}" -r "$pins"
    return
  fi
  "$PYTHON" -m venv "$directory" &&
    "$directory/bin/python" -m pip install "${pip_options[@]}" -r "$pins" || return 1
  # Tasks find the pinned packages and nothing else.
  if [[ $name == default ]]; then
    "$directory/bin/python" -m pip uninstall --quiet --yes setuptools pip
  fi
}

# versions DIRECTORY: "name version" of each package that the pins' .in file names; fails on a missing one.
versions() {
  "$1/bin/python" - "${pins%.txt}.in" <<'PYTHON'
import importlib.metadata
import sys

for line in open(sys.argv[1], encoding="utf-8"):
    package = line.partition("#")[0].strip()
    if package:
        print(package, importlib.metadata.version(package))
PYTHON
}

# make_from_distribution DIRECTORY: 1 when a package is missing there too. Says every step's failure itself,
# because bash ignores errexit in a function that is called in a condition.
make_from_distribution() {
  local directory=$1 found
  ensure_packages fallback
  rm -rf "$directory"
  "$PYTHON" -m venv --system-site-packages --without-pip "$directory" || return 1
  found=$(versions "$directory") || return 1
  cat >"$directory/note.txt" <<END
The package index was out of reach, so this environment has the packages of the distribution instead of the
pinned versions, and whatever else is installed on this machine: $(paste -sd, <<<"$found" | sed 's/,/, /g').
To try the index again: rm build/venvs/default && ./appmanager build
END
}

make_environment() {
  local key directory aside old
  key=$( (cat "$pins" && "$PYTHON" -VV) | sha256sum | cut -c 1-12)
  directory=$(dirname "$link")/.$(basename "$link").$key
  if usable "$link" && [[ $(readlink "$link") == "$(basename "$directory")" ]]; then
    return 0
  fi
  mkdir -p "$(dirname "$link")" "$(dirname "$log")"
  # Without the link, a former environment that fell back on the distribution is not what was asked for.
  if ! usable "$directory" || [[ -e $directory/note.txt ]]; then
    say "Making the Python environment '$name'…"
    if ! make_from_index "$directory" >"$log" 2>&1 </dev/null; then
      tail -n 20 "$log" >&2
      if grep -q 'DO NOT MATCH THE HASHES\|Hash mismatch' "$log"; then
        die "a package of the index differs from the hash in ${pins#"$ROOT"/}; nothing was installed."
      fi
      [[ $name == default ]] ||
        die "the Python packages of the environment '$name' could not be installed (see above)." \
          "Is the Python package index reachable?"
      say "The Python package index could not be used (see above); taking the distribution's packages instead."
      make_from_distribution "$directory" || die "neither the package index nor apt gave the packages of '$name'."
      cat "$directory/note.txt" >&2
    fi
    "$directory/bin/python" -m compileall -q "$directory/lib" >/dev/null || true
    touch "$directory/complete"
  fi
  aside=$link.new.$$
  ln -s "$(basename "$directory")" "$aside"
  [[ -L $link ]] || rm -rf "$link"
  mv -T "$aside" "$link"
  # One former environment stays for the tasks that run in it.
  for old in $(find "$(dirname "$link")" -maxdepth 1 -name ".$(basename "$link").*" -printf '%T@ %p\n' |
    sort -rn | cut -d ' ' -f 2- | tail -n +3); do
    [[ $old -ef $link ]] || rm -rf "$old"
  done
}

with_lock "venv-$name" make_environment
