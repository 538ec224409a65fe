#!/usr/bin/env bash
# Measures the optimised build and prints one table; docs/benchmarks.md tells how to read it.
#   QUICK=1         three minutes: shorter turns, and no million rows
#   BUSY_IS_FINE=1  measure although the machine has other work, and say that the figures cannot be compared
# Everything that it needs or leaves is in target/.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# What somebody has set for a server of their own is not for the benchmark.
# shellcheck disable=SC2086
unset ${!LEPTOS_@} ${!COUNTERSIGN_@} DATABASE_URL SERVER_FN_PREFIX DISABLE_SERVER_FN_HASH

[ -x target/dist/countersign ] || die "there is no optimised build; use: make bench"
mkdir -p target/bench

# --- the empty page, built as the project is ----------------------------------

empty=target/bench/empty-page

# The sections of Cargo.toml that say how a build is compiled.
profiles() {
  awk '/^\[/ { wanted = /^\[profile\.((wasm-)?release|dist)(\.package)?\]/ } wanted' Cargo.toml
}

# Every package with its version, one a line.
locked() {
  awk '/^name = / { name = $3 } /^version = / { print name, $3 }' "$1" | sort
}

# In a shell of its own, for what it sets is not for the builds after it.
compile_empty_page() (
  # Offline, because the project's build has fetched all of it and nothing else may come in.
  export CARGO_NET_OFFLINE=true CARGO_TARGET_DIR=$ROOT/$empty/target
  (cd "$empty" &&
    cargo build --lib --features hydrate --target wasm32-unknown-unknown --profile wasm-release &&
    cargo build --bins --features ssr --profile dist) &&
    node scripts/site.mjs --name empty-page --wasm "$empty/target/wasm32-unknown-unknown/wasm-release/empty_page.wasm" \
      --site "$empty/target/site" --hashes "$empty/target/dist/hash.txt"
)

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
    sha256sum "$empty/Cargo.toml" "$empty/Cargo.lock" "$empty"/src/* end2end/package-lock.json scripts/site.mjs
  } | sha256sum)
  if [ "$(cat "$stamp" 2>/dev/null)" = "$state" ]; then return; fi

  note "empty page: building (some minutes, once)"
  if ! compile_empty_page >target/bench/empty-page.log 2>&1; then
    tail -n 40 target/bench/empty-page.log >&2
    die "the empty page could not be built"
  fi
  local strange
  strange=$(comm -23 <(locked "$empty/Cargo.lock" | grep -v '^"empty-page"') <(locked Cargo.lock))
  [ -z "$strange" ] || die "the empty page was built with other versions: $strange"
  echo "$state" >"$stamp"
}

build_empty_page

# --- the product's own password hashing, its outbox, and its insides with a million accounts ---

examples=(--example hash_time --example outbox)
[ -n "${QUICK:-}" ] || examples+=(--example scale)
cargo build --quiet --locked --profile dist -p server "${examples[@]}"

# --- what it is measured beside -------------------------------------------------

# Debian's C library of argon2.
[ -e /usr/include/argon2.h ] || scripts/apt.sh libargon2-dev
mkdir -p target/bench/argon2
cc -O2 -o target/bench/argon2/turns benches/argon2/turns.c -largon2

# A server with better-auth. Where it cannot be installed the table says why, and has all other rows.
install_better_auth() {
  local from=benches/better-auth to=target/bench/better-auth state headers
  mkdir -p "$to"
  cp "$from"/server.mjs "$from"/package.json "$from"/package-lock.json "$to"
  state=$({
    node --version
    cat "$from"/package.json "$from"/package-lock.json
  } | sha256sum)
  if [ "$(cat "$to/.installed" 2>/dev/null)" = "$state" ]; then return; fi
  note "better-auth: installing (some minutes, once: its SQLite is compiled where no compiled one can be fetched)"
  rm -rf "$to/node_modules" "$to/.installed" "$to/not-installed"
  # With the headers that came with Node.js, if they did, or they would be fetched.
  headers=$(dirname "$(dirname "$(readlink -f "$(command -v node)")")")
  if [ -e "$headers/include/node/node.h" ]; then export npm_config_nodedir=$headers; fi
  if (cd "$to" && npm ci --loglevel=error --no-audit --no-fund) >"$to/install.log" 2>&1; then
    echo "$state" >"$to/.installed"
  else
    rm -rf "$to/node_modules"
    { grep -m1 'npm error' "$to/install.log" || echo 'npm ci failed'; } | cut -c1-100 >"$to/not-installed"
  fi
}

install_better_auth

# --- measure --------------------------------------------------------------------

exec node benches/bench.mjs
