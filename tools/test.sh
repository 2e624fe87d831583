# shellcheck shell=bash
# `./appmanager test`: every check and test, in the order of a developer's patience. Sourced by appmanager.

REPORTS=$BUILD/reports
STEPS=$REPORTS/steps.tsv

TEST_FAST=0
TEST_FUZZ_SEC=20
TEST_REPEAT=1
TEST_TIDY_ALL=0

parse_test_options() {
  while (($# > 0)); do
    case $1 in
      --fast) TEST_FAST=1 ;;
      --tidy-all) TEST_TIDY_ALL=1 ;;
      --fuzz | --repeat)
        [[ ${2:-} =~ ^[1-9][0-9]*$ ]] || die "$1 takes a whole number above 0, got '${2:-}'"
        if [[ $1 == --fuzz ]]; then TEST_FUZZ_SEC=$2; else TEST_REPEAT=$2; fi
        shift
        ;;
      *) die "test: unknown option '$1' (--fast, --tidy-all, --fuzz SECONDS, --repeat N)" ;;
    esac
    shift
  done
}

# step NAME TITLE COMMAND...: a heading, the command, its time. What the command counts it leaves as JUnit
# files in build/reports/NAME/; without any, the step itself counts as one. Never fails: the code is in STEP_CODE.
step() {
  local name=$1 title=$2 start=$EPOCHREALTIME seconds
  shift 2
  printf '\n=== %s\n' "$title"
  mkdir -p "$REPORTS/$name"
  # In a subshell with errexit; inside of a condition bash would ignore that.
  set +e
  (
    set -e
    "$@"
  )
  STEP_CODE=$?
  set -e
  seconds=$(awk -v a="$start" -v b="$EPOCHREALTIME" 'BEGIN {printf "%.1f", b - a}')
  printf '%s\t%s\t%s\t%s\n' "$name" "$seconds" "$STEP_CODE" "$title" >>"$STEPS"
  if ((STEP_CODE == 0)); then
    printf -- '--- passed in %s s\n' "$seconds"
  else
    printf -- '--- FAILED in %s s: %s (exit code %s)\n' "$seconds" "$title" "$STEP_CODE"
  fi
}

# The files of ours that a shell or clang-format reads.
shell_files() { printf '%s\n' appmanager .ci/run && find tools tests bench packaging -name '*.sh'; }
cpp_files() { find src tests cmake -name '*.cc' -o -name '*.h'; }
PYTHON_FOLDERS=(python tests bench tools)

check_format() { cpp_files | xargs clang-format-19 --dry-run -Werror; }
check_shell() { shell_files | sort | xargs shellcheck -x; }
check_python() {
  "$BUILD/test-venv/bin/ruff" check --quiet "${PYTHON_FOLDERS[@]}"
  "$BUILD/test-venv/bin/ruff" format --check --quiet "${PYTHON_FOLDERS[@]}" ||
    { echo "Run: build/test-venv/bin/ruff format ${PYTHON_FOLDERS[*]}" && return 1; }
  "$BUILD/test-venv/bin/mypy" "${PYTHON_FOLDERS[@]}"
}
check_checks() {
  "$BUILD/test-venv/bin/python" -m pytest -q tests/checks --junitxml "$REPORTS/checks/report.xml"
}

# unit_tests NAME DIRECTORY: the programs of ctest in that build tree.
unit_tests() {
  GTEST_OUTPUT="xml:$REPORTS/$1/" ASAN_OPTIONS="detect_leaks=1:strict_string_checks=1" \
    UBSAN_OPTIONS="print_stacktrace=1" \
    ctest --test-dir "$2" --output-on-failure --no-tests=error -j "$(jobs_for_this_machine)" \
    --repeat "until-fail:$TEST_REPEAT"
}

ompy_tests() {
  "$BUILD/test-venv/bin/python" -m pytest -q tests/ompy --junitxml "$REPORTS/ompy/report.xml"
}

differential_tests() {
  "$BUILD/test-venv/bin/python" -m pytest -q tests/differential --timeout 300 \
    --junitxml "$REPORTS/differential/report.xml"
}

integration_tests() {
  local round
  for ((round = 1; round <= TEST_REPEAT; round++)); do
    "$BUILD/test-venv/bin/python" -m pytest -q tests/integration tests/packaging \
      --junitxml "$REPORTS/integration/$round.xml"
  done
}

# In the distribution's Chromium against real daemons; screenshots and traces stay in the folder of the reports.
end_to_end_tests() {
  local round
  for ((round = 1; round <= TEST_REPEAT; round++)); do
    AM_E2E_REPORTS="$REPORTS/e2e" "$BUILD/test-venv/bin/python" -m pytest -q tests/e2e \
      --junitxml "$REPORTS/e2e/$round.xml"
  done
}

fuzz_targets() { find tests/fuzz -name '*_fuzz.cc' -printf '%f\n' | sed 's/\.cc$//' | sort; }

fuzz() {
  local target failed=0
  local -a targets
  mapfile -t targets < <(fuzz_targets)
  compile fuzz "$BUILD/fuzz" "${targets[@]}"
  for target in "${targets[@]}"; do
    echo "$target for $TEST_FUZZ_SEC s"
    mkdir -p "$BUILD/corpus/$target"
    quietly "$BUILD/logs/$target.log" "$BUILD/fuzz/bin/$target" -max_total_time="$TEST_FUZZ_SEC" -rss_limit_mb=1024 \
      -artifact_prefix="$BUILD/corpus/$target-" "$BUILD/corpus/$target" || failed=1
    tail -n 1 "$BUILD/logs/$target.log"
  done
  return "$failed"
}

# The layers without Asio, whose headers cost clang-tidy a minute in every file; --tidy-all analyses the rest, too.
TIDY_LAYERS=(src/base src/ipc src/process src/container src/image src/observer)
tidy() {
  local -a files=()
  ((TEST_TIDY_ALL == 1)) || mapfile -t files < <(find "${TIDY_LAYERS[@]}" -name '*.cc' ! -name '*_test.cc' | sort)
  "$PYTHON" tools/run_tidy.py --jobs "$(jobs_for_this_machine)" "${files[@]}"
}

make_test_environment() { bash tools/make_venv.sh test tests/requirements.txt; }

# Nothing stops at a failed step but what needs its result; summary.py knows from the steps' codes.
run_tests() {
  parse_test_options "$@"
  cd "$ROOT"
  ensure_packages run build test
  rm -rf "$REPORTS"
  mkdir -p "$REPORTS"

  step environment "Python environment of the tests" make_test_environment
  ((STEP_CODE == 0)) || finish
  step build "Build (release)" with_lock build build_all_with_tests
  ((STEP_CODE == 0)) || finish
  step layers "Layers: what may include what" "$PYTHON" -m tools.check_layers
  step rules "House rules" "$PYTHON" -m tools.check_rules
  step checks "Tests of these checks" check_checks
  step format "clang-format" check_format
  step shell "shellcheck" check_shell
  step python "ruff and mypy --strict" check_python
  step web-lint "ESLint" web_script lint
  step web-types "TypeScript, strict" web_script typecheck
  step web-unit "Unit tests of the web IDE" web_unit_tests "$REPORTS/web-unit/report.xml"
  step unit "Unit tests (release)" unit_tests unit "$BUILD"
  if ((TEST_FAST == 0)); then
    step asan-build "Build (address and undefined-behaviour sanitizers)" with_lock build compile asan "$BUILD/asan"
    if ((STEP_CODE == 0)); then
      step asan "Unit tests under the sanitizers" unit_tests asan "$BUILD/asan"
    fi
    step tidy "clang-tidy" tidy
    if [[ -n $(fuzz_targets) ]]; then
      step fuzz "Fuzzing" with_lock build fuzz
    fi
  fi
  step ompy "Unit tests of ompy" ompy_tests
  step integration "Integration tests, and those of the installation" integration_tests
  step differential "Scripts as tasks and on the bare interpreter" differential_tests
  step e2e "End-to-end tests in Chromium" end_to_end_tests
  finish
}

# finish: the table of durations, and as the very last line the sum of all that was counted; the exit code.
finish() {
  printf '\n=== Summary\n'
  "$PYTHON" "$ROOT/tools/summary.py" "$REPORTS" || exit 1
  exit 0
}
