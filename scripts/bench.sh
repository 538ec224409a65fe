#!/usr/bin/env bash
# Measures the release build and prints one table; docs/benchmarks.md tells how to read it.
# Everything that it needs or leaves is in target/.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# What somebody has set for a server of their own is not for the benchmark.
# shellcheck disable=SC2086
unset ${!LEPTOS_@} ${!COUNTERSIGN_@} DATABASE_URL SERVER_FN_PREFIX DISABLE_SERVER_FN_HASH

# The wasm-opt of the pinned npm package goes before any other.
export PATH="$ROOT/end2end/node_modules/.bin:$PATH"

[ -x target/release/countersign ] || die "there is no release build; use: make bench"
mkdir -p target/bench

# --- the empty page, built as the project is ----------------------------------

empty=target/bench/empty-page

# The sections of Cargo.toml that say how a release is compiled.
profiles() {
  awk '/^\[/ { wanted = /^\[profile\.(wasm-)?release(\.package)?\]/ } wanted' Cargo.toml
}

# Every package with its version, one a line.
locked() {
  awk '/^name = / { name = $3 } /^version = / { print name, $3 }' "$1" | sort
}

build_empty_page() {
  rm -rf "$empty/src"
  mkdir -p "$empty"
  cp -pR benches/empty-page/. "$empty"
  profiles >>"$empty/Cargo.toml"
  # Cargo keeps these versions and drops the packages that the empty page does not use.
  cp Cargo.lock "$empty/Cargo.lock"

  local stamp=$empty/target/.build-stamp state
  state=$({
    rustc --version
    cargo-leptos --version
    sha256sum "$empty/Cargo.toml" "$empty/Cargo.lock" "$empty"/src/* end2end/package-lock.json
  } | sha256sum)
  if [ "$(cat "$stamp" 2>/dev/null)" = "$state" ]; then return; fi

  note "empty page: building (some minutes, once)"
  # Offline, because the project's build has fetched all of it and nothing else may come in.
  if ! (cd "$empty" && CARGO_NET_OFFLINE=true cargo leptos build --release --precompress) \
    >target/bench/empty-page.log 2>&1; then
    tail -n 40 target/bench/empty-page.log >&2
    die "the empty page could not be built"
  fi
  local strange
  strange=$(comm -23 <(locked "$empty/Cargo.lock" | grep -v '^"empty-page"') <(locked Cargo.lock))
  [ -z "$strange" ] || die "the empty page was built with other versions: $strange"
  echo "$state" >"$stamp"
}

build_empty_page

# --- the product's own password hashing, and its lists of a million rows --------

cargo build --quiet --locked --release -p server --example hash_time --example many_accounts --example scale

# --- measure --------------------------------------------------------------------

exec node benches/bench.mjs
