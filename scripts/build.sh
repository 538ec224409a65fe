#!/usr/bin/env bash
# Leaves a build: countersign with hash.txt beside it, and target/site.
#   build.sh release   in target/release, soon: for demos and tests (the default)
#   build.sh dist      in target/dist, optimised: for releases, images and measurements
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

profile=${1:-release}
case $profile in
  release | dist) ;;
  *) die "usage: scripts/build.sh [release|dist]" ;;
esac
out=target/$profile
binary=$out/countersign
stamp=$out/.build-stamp

# Leptos' macros read these, and would build another program for whoever has them set for running one.
# shellcheck disable=SC2086
unset ${!LEPTOS_@} SERVER_FN_PREFIX DISABLE_SERVER_FN_HASH

# A hash of everything that the build depends on, and of what it left.
state() {
  local path inputs=()
  for path in Cargo.toml Cargo.lock Leptos.toml rust-toolchain.toml .cargo \
    app server frontend style scripts/bindgen scripts/build.sh scripts/site.mjs end2end/package-lock.json; do
    [ ! -e "$path" ] || inputs+=("$path")
  done
  {
    rustc --version
    env | grep -E '^(RUSTFLAGS|CARGO_(PROFILE|BUILD|TARGET|ENCODED)_.*)=' | sort || true
    find "${inputs[@]}" -type f -print0 | sort -z | xargs -0 sha256sum
    # Somebody may have built or removed a part by hand since.
    find target/site "$binary" "$out/hash.txt" -type f -printf '%p %s %T@\n' 2>/dev/null | sort || true
  } | sha256sum
}

if [ -x "$binary" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$(state)" ]; then
  note "build: nothing changed"
  exit 0
fi

rm -f "$stamp"

# What people download is compiled by a profile of its own, for size; the program that works on it is not optimised.
browser_side() {
  cargo build --locked -p bindgen
  cargo build --locked -p frontend --lib --target wasm32-unknown-unknown --profile wasm-release
  node scripts/site.mjs --name countersign --wasm target/wasm32-unknown-unknown/wasm-release/frontend.wasm \
    --style style/main.css --assets style/public --site target/site --hashes "$out/hash.txt"
}

# The two halves share nothing that they make. Side by side they keep all cores busy while one of them compiles its last
# crate, links, optimises or compresses.
mkdir -p "$out"
browser_side &
half=$!
# It ends with this script, also where the other half fails or somebody presses Ctrl+C.
trap 'kill "$half" 2>/dev/null || true' EXIT
cargo build --locked --profile "$profile" -p server --bin countersign
wait "$half"

for made in "$binary" "$out/hash.txt" target/site; do
  [ -e "$made" ] || die "the build ended without leaving $made"
done
state >"$stamp"
