# shellcheck shell=bash
# What `./appmanager build` makes. Sourced after lib.sh, packages.sh and web.sh.

# configure PRESET DIRECTORY: only when there is no build tree, or the presets or this machine's
# packages changed; ninja itself runs CMake again for everything else.
configure() {
  local preset=$1 directory=$2 key
  key=$(cat "$ROOT/CMakePresets.json" "$ROOT/tools/packages.txt" | sha256sum)
  if [[ -f $directory/build.ninja && $(cat "$directory/.configured" 2>/dev/null) == "$key" ]]; then
    return 0
  fi
  say "Configuring the build ($preset)…"
  (cd "$ROOT" && quietly "$BUILD/logs/configure-$preset.log" cmake --preset "$preset") ||
    die "CMake could not configure the build ($preset), see above."
  echo "$key" >"$directory/.configured"
}

# Objects are found in the compiler cache from every clone of this repository, wherever it lies.
export CCACHE_BASEDIR=$ROOT CCACHE_NOHASHDIR=1

# compile PRESET DIRECTORY [TARGET...]: everything without targets.
compile() {
  local preset=$1 directory=$2
  local -a command
  shift 2
  configure "$preset" "$directory"
  command=(ninja -C "$directory" -j "$(jobs_for_this_machine)" "$@")
  if [[ -t 2 ]]; then
    NINJA_STATUS="  [%f/%t] " "${command[@]}" >&2 || die "the build ($preset) failed, see above."
  else
    quietly "$BUILD/logs/build-$preset.log" "${command[@]}" || die "the build ($preset) failed, see above."
  fi
}

build_binaries() {
  if [[ -x $BUILD/bin/am ]]; then
    say "Building what changed…"
  else
    say "Building (the first time about 8 minutes on two cores)…"
  fi
  compile release "$BUILD" am am-observer am-container
}

build_environment() {
  bash "$ROOT/tools/make_venv.sh" default "$ROOT/python/environments/default.txt"
}

# build_image: build/image, the root filesystem that tasks run in; `am` knows whether one is to be made. What is
# missing for it (root, the mirror) is no reason to stop: tasks then run on this machine's own Python.
build_image() {
  if ! is_root && [[ ! -e $BUILD/image ]]; then
    say "No image of the task container, which only root can build: tasks run on this machine's own Python."
  elif "$BUILD/bin/am" image build >/dev/null; then
    return 0
  elif [[ -e $BUILD/image ]]; then
    say "Going on with the image of the task container that is there."
  else
    say "Going on without an image of the task container: tasks run on this machine's own Python."
  fi
}

# The parts of the product, in order.
build_all() {
  build_binaries
  build_environment
  build_image
  build_web
}

# The same with the test programs.
build_all_with_tests() {
  compile release "$BUILD"
  build_all
}
