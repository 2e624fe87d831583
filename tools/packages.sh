# shellcheck shell=bash
# Debian packages: which are missing, and their installation. Sourced after lib.sh.

# The Debian release whose names hold here: 12 or 13. A newer or derived one is tried with 13's.
debian_release() {
  local id="" version=""
  if [[ -r /etc/os-release ]]; then
    id=$(sed -n 's/^ID="\?\([^"]*\)"\?$/\1/p' /etc/os-release)
    version=$(sed -n 's/^VERSION_ID="\?\([0-9]*\).*$/\1/p' /etc/os-release)
  fi
  if [[ $id == debian && $version == 12 ]]; then echo 12; else echo 13; fi
}

# packages_of GROUP...: the names, one a line.
packages_of() {
  local groups=" $* " release group for_release names
  release=$(debian_release)
  while read -r group for_release names; do
    [[ $group == '#'* || -z $group ]] && continue
    [[ $groups == *" $group "* ]] || continue
    [[ $for_release == all || $for_release == "$release" ]] || continue
    tr ' ' '\n' <<<"$names"
  done <"$ROOT/tools/packages.txt"
}

# missing_packages NAME...: those that are not installed, one a line.
missing_packages() {
  local installed
  # dpkg-query fails when it does not know one of the names; what it prints for the others counts.
  installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null | sed -n 's/^installed //p' || true)
  comm -23 <(printf '%s\n' "$@" | sort -u) <(sort -u <<<"$installed")
}

is_root() { ((EUID == 0)); }

# as_root COMMAND...: as it is for root, else by sudo; sudo may ask for a password only at a terminal.
as_root() {
  if is_root; then
    "$@"
  elif [[ -t 0 ]]; then
    sudo -- "$@"
  else
    sudo -n -- "$@"
  fi
}

apt_get() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 "$@"
}

# install_packages NAME...: 1 when apt-get cannot, its output shown.
install_packages() {
  local log=$BUILD/logs/apt.log
  say "Installing $# Debian packages (log: build/logs/apt.log)…"
  if [[ -t 0 ]] && ! is_root; then
    sudo -v || die "sudo refused; run as root: apt-get install $*"
  fi
  # A failed update may still leave lists that are good enough; the installation decides.
  quietly "$log" apt_get -o APT::Update::Error-Mode=any update ||
    say "apt-get update failed, see above; trying with the package lists that are there."
  quietly "$log" apt_get install --no-install-recommends "$@"
}

# ensure_packages GROUP...: installs what is missing of the groups; no apt call when nothing is.
ensure_packages() {
  local -a wanted missing
  mapfile -t wanted < <(packages_of "$@")
  if ! command -v dpkg-query >/dev/null; then
    say "No dpkg here: install the counterparts of tools/packages.txt ($*) yourself. Going on."
    return 0
  fi
  mapfile -t missing < <(missing_packages "${wanted[@]}")
  ((${#missing[@]} > 0)) || return 0
  if ! is_root && ! command -v sudo >/dev/null; then
    die "${#missing[@]} Debian packages are missing, and this user is neither root nor has sudo." \
      "As root: apt-get install ${missing[*]}"
  fi
  with_lock apt install_packages "${missing[@]}" ||
    die "the installation of Debian packages failed (see above). Is the Debian mirror reachable?" \
      "Wanted: ${missing[*]}"
}
