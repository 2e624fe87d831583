# shellcheck shell=bash
# What every piece of the bootstrap uses: messages, locks, quiet commands. Sourced, never run.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
BUILD=$ROOT/build
# The distribution's own, whatever else stands first on PATH.
# shellcheck disable=SC2034
PYTHON=/usr/bin/python3

say() { printf '%s\n' "$*" >&2; }

die() {
  printf 'appmanager: %s\n' "$*" >&2
  exit 1
}

# quietly LOG COMMAND...: the command's output goes to the log, and to the screen only when it fails.
quietly() {
  local output=$1
  shift
  mkdir -p "$(dirname "$output")"
  if "$@" >"$output" 2>&1 </dev/null; then
    return 0
  fi
  tail -n 200 "$output" >&2
  return 1
}

# with_lock NAME COMMAND...: one at a time for this checkout; the lock ends with the subshell.
with_lock() {
  local lock=$BUILD/.$1.lock
  shift
  mkdir -p "$BUILD"
  (
    if ! flock --nonblock 9; then
      say "Waiting for another appmanager that holds $lock…"
      flock 9
    fi
    # The lock's descriptor is not for the children: a program that stays behind would keep it.
    "$@" 9>&-
  ) 9>"$lock"
}

# jobs_for_this_machine: parallel compilations, by cores and by 2 GB of memory for each.
jobs_for_this_machine() {
  local cores memory
  cores=$(nproc)
  memory=$(awk '/^MemAvailable/ {print int($2 / 2000000)}' /proc/meminfo)
  ((memory >= 1)) || memory=1
  echo $((cores < memory ? cores : memory))
}
