#!/usr/bin/env bash
# Every check and test. Goes on after a failure, so that one run shows all of them. At the end it tells where the
# time went; the last line counts the tests, and each failed section that has no count of its own as one.
#   test.sh [checks] [rust] [browser]   only the named parts; all of them where none is named
#   CHECK_ADVISORIES=1                  also asks the advisory database, which needs the network
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

parts=" ${*:-checks rust browser} "
for part in $parts; do
  case $part in
    checks | rust | browser) ;;
    *) die "usage: scripts/test.sh [checks] [rust] [browser]" ;;
  esac
done
wants() { [[ $parts == *" $1 "* ]]; }

# What somebody has set for a server of their own is not for the tests.
# shellcheck disable=SC2086
unset ${!LEPTOS_@} ${!COUNTERSIGN_@} DATABASE_URL

logs=target/test-logs
mkdir -p "$logs"
summary=()
passed=0
failed=0

stop_postgres() { scripts/postgres.sh stop >/dev/null 2>&1 || true; }
trap stop_postgres EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# section TITLE COMMAND...: runs it under a heading with its time; fails as the command does.
section() {
  local title=$1 began=$SECONDS result=ok status=0
  shift
  printf '\n=== %s\n' "$title"
  "$@" || status=$?
  [ "$status" -eq 0 ] || result=FAILED
  summary+=("$(printf '%-6s %4ds  %s' "$result" $((SECONDS - began)) "$title")")
  printf -- '--- %s: %s after %ds\n' "$title" "$result" $((SECONDS - began))
  return "$status"
}

# check TITLE COMMAND...: a section without a count of its own.
check() { section "$@" || failed=$((failed + 1)); }

# count PASSED FAILED OK?: adds up; a run that failed without naming a failed test counts as one.
count() {
  passed=$((passed + $1))
  failed=$((failed + $2))
  if [ "$3" -ne 0 ] && [ "$2" -eq 0 ]; then failed=$((failed + 1)); fi
}

# --- checks -------------------------------------------------------------------

# `app` is compiled for the server (feature ssr, which `server` asks for) and for the browser
# (feature hydrate, which `frontend` asks for), never for both at once.
clippy_server() { cargo clippy --locked -p app -p server --all-targets -- -D warnings; }
clippy_browser() { cargo clippy --locked -p frontend --target wasm32-unknown-unknown -- -D warnings; }
documentation() { RUSTDOCFLAGS="-D warnings" cargo doc --locked -p app -p server --no-deps; }
types() { (cd end2end && npx tsc --noEmit); }

dependencies() {
  local kinds=(bans licenses sources)
  [ "${CHECK_ADVISORIES:-0}" != 1 ] || kinds+=(advisories)
  # Without the warnings about crates in two versions, which `cargo deny check` lists.
  cargo deny --locked --log-level error check --hide-inclusion-graph "${kinds[@]}"
}

# --- Rust tests ---------------------------------------------------------------

rust_tests() {
  local address
  address=$(scripts/postgres.sh start) || return
  # Two for each core, for they also wait: for PostgreSQL, for time to pass.
  TEST_POSTGRES_URL=$address cargo nextest run --locked --test-threads $((2 * $(nproc))) -p app -p server 2>&1 |
    tee "$logs/rust.txt"
}

# number_of WORD LINE: the number before that word, or 0.
number_of() {
  local found
  found=$(grep -oE "[0-9]+ $1" <<<"$2" | head -n 1) || true
  echo "${found%% *}" | grep . || echo 0
}

count_rust_tests() {
  local line
  # "Summary [ 1.2s] 9 tests run: 6 passed, 1 failed, 1 timed out, 1 exec failed, 2 skipped"
  line=$(sed 's/\x1b\[[0-9;]*m//g' "$logs/rust.txt" | grep -E '^ *Summary \[' | tail -n 1) || true
  count "$(number_of passed "$line")" \
    $(($(number_of failed "$line") + $(number_of 'timed out' "$line") + $(number_of 'exec failed' "$line"))) \
    "$1"
}

failed_rust_tests() {
  sed 's/\x1b\[[0-9;]*m//g' "$logs/rust.txt" |
    sed -nE 's/^ *(FAIL|TIMEOUT|SIGABRT|SIGSEGV) \[ *[0-9.]+s\] *(\([^)]*\))? *(.*)/\1 \3/p' | sort -u
}

# "PASS [   1.234s] (12/280) server login::tests::name": the ten that took longest.
slowest_rust_tests() {
  sed 's/\x1b\[[0-9;]*m//g' "$logs/rust.txt" |
    sed -nE 's/^ *(PASS|FAIL|TIMEOUT) \[ *([0-9.]+)s\] *(\([^)]*\))? *(.*)/\2 \4/p' |
    sort -rn -u | head -n 10 | while read -r seconds name; do printf '%7.1fs  %s\n' "$seconds" "$name"; done
}

# --- browser tests ------------------------------------------------------------

browser_report=target/end2end/results.json

browser_tests() { (cd end2end && npx playwright test); }

count_browser_tests() {
  local numbers
  numbers=$(node -p 'const s = require(process.argv[1]).stats; s.expected + " " + s.unexpected' \
    "$ROOT/$browser_report" 2>/dev/null) || numbers="0 0"
  # shellcheck disable=SC2086
  count $numbers "$1"
}

# --- all of it ----------------------------------------------------------------

section "set-up" scripts/setup.sh test || exit 1

if wants checks; then
  check "formatting" cargo fmt --all --check
  check "clippy, server side" clippy_server
  check "clippy, browser side" clippy_browser
  check "documentation" documentation
  check "licences, bans and sources of dependencies" dependencies
  check "types of the browser tests" types
  check "release archive" node scripts/checks/release.mjs
  check "links of the documents" node scripts/checks/links.mjs
  check "book of the documents" mdbook build docs
  check "reference of settings and commands" node scripts/checks/reference.mjs
  check "metrics, dashboard and alerts" node scripts/checks/metrics.mjs
fi

if wants rust; then
  rm -f "$logs/rust.txt"
  status=0
  section "Rust tests" rust_tests || status=$?
  count_rust_tests "$status"
  stop_postgres
fi

if wants browser; then
  rm -f "$browser_report"
  if section "release build" scripts/build.sh; then
    status=0
    section "browser tests" browser_tests || status=$?
    count_browser_tests "$status"
  else
    failed=$((failed + 1))
  fi
fi

if [ -f "$logs/rust.txt" ] && wants rust; then
  printf '\n=== slowest Rust tests\n'
  slowest_rust_tests || true
fi
if [ -f "$browser_report" ] && wants browser; then
  printf '\n=== slowest browser tests\n'
  node scripts/browser-report.mjs slowest "$browser_report" || true
fi
printf '\n=== summary\n'
printf '%s\n' "${summary[@]}"
printf '       %4ds  all\n' "$SECONDS"
# Once more what failed, for of a long log often only the last lines are kept.
if [ "$failed" -gt 0 ]; then
  printf '\n=== failed\n'
  if [ -f "$logs/rust.txt" ] && wants rust; then failed_rust_tests || true; fi
  if [ -f "$browser_report" ] && wants browser; then
    node scripts/browser-report.mjs failed "$browser_report" || true
  fi
fi
printf '\n%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
