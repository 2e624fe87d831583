# shellcheck shell=bash
# The web IDE: its packages, its build into build/web, its checks. Sourced after lib.sh and packages.sh.

WEB=$ROOT/web
# Vite 6 and ESLint 9 need it.
NODE_MAJOR=18

# node_is_usable: whether PATH has a node that is new enough, and npm.
node_is_usable() {
  local version
  command -v npm >/dev/null || return 1
  version=$(node --version 2>/dev/null) || return 1
  [[ $version =~ ^v([0-9]+)\. ]] && ((BASH_REMATCH[1] >= NODE_MAJOR))
}

# ensure_node: the distribution's Node.js where there is none; another one, newer than that, is left alone.
ensure_node() {
  if node_is_usable; then return 0; fi
  ensure_packages web
  hash -r
  node_is_usable || die "the web IDE needs Node.js $NODE_MAJOR or newer with npm on PATH;" \
    "found: $(command -v node || echo 'no node') $(node --version 2>/dev/null), $(command -v npm || echo 'no npm')."
}

# web_key: changes with everything that the built files depend on.
web_key() {
  (
    cd "$WEB" || exit
    node --version
    find . ../tools/compress_web.mjs -name node_modules -prune -o -type f -print0 | LC_ALL=C sort -z |
      xargs -0 sha256sum
  ) | sha256sum | cut -c 1-16
}

# install_web_packages: exactly what package-lock.json names; nothing to do when that is there already.
install_web_packages() {
  local key stamp=$WEB/node_modules/.installed
  key=$( (node --version && cat "$WEB/package.json" "$WEB/package-lock.json") | sha256sum)
  [[ $(cat "$stamp" 2>/dev/null) != "$key" ]] || return 0
  say "Installing the web IDE's packages (log: build/logs/npm.log)…"
  (cd "$WEB" && quietly "$BUILD/logs/npm.log" npm ci --no-audit --no-fund --loglevel=warn) ||
    die "npm could not install the packages of web/package-lock.json (see above). Is the npm registry reachable?"
  echo "$key" >"$stamp"
}

# build_web: build/web with the IDE, made beside and switched in at the end; instant when nothing changed.
build_web() {
  local key fresh=$BUILD/.web.new old=$BUILD/.web.old
  ensure_node
  key=$(web_key)
  if [[ -f $BUILD/web/index.html && $(cat "$BUILD/.web-key" 2>/dev/null) == "$key" ]]; then return 0; fi
  install_web_packages
  say "Building the web IDE (log: build/logs/web.log)…"
  rm -rf "$fresh" "$old"
  (cd "$WEB" && AM_WEB_OUT=$fresh quietly "$BUILD/logs/web.log" npm run build) ||
    die "the build of the web IDE failed, see above."
  say "Compressing the web IDE…"
  quietly "$BUILD/logs/web-compress.log" node "$ROOT/tools/compress_web.mjs" "$fresh" ||
    die "the web IDE's files could not be compressed, see above."
  [[ ! -e $BUILD/web ]] || mv -T "$BUILD/web" "$old"
  mv -T "$fresh" "$BUILD/web"
  rm -rf "$old"
  echo "$key" >"$BUILD/.web-key"
}

# web_script NAME [ARGUMENT...]: one of the scripts of web/package.json.
web_script() {
  local name=$1
  shift
  (cd "$WEB" && npm run --silent "$name" -- "$@")
}

# web_unit_tests REPORT: vitest, counted in a JUnit file.
web_unit_tests() { web_script test --reporter=default --reporter=junit --outputFile.junit="$1"; }
