#!/usr/bin/env bash
# Leaves the release build: target/release/countersign with hash.txt beside it, and target/site.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

binary=target/release/countersign
stamp=target/release/.build-stamp

# cargo-leptos reads these, and would build another program for whoever has them set for running one.
# shellcheck disable=SC2086
unset ${!LEPTOS_@} SERVER_FN_PREFIX DISABLE_SERVER_FN_HASH

# The wasm-opt of the pinned npm package goes before any other.
export PATH="$ROOT/end2end/node_modules/.bin:$PATH"

# A hash of everything that the build depends on, and of what it left.
state() {
  local path inputs=()
  for path in Cargo.toml Cargo.lock Leptos.toml rust-toolchain.toml .cargo \
    app server frontend style scripts/build.sh end2end/package-lock.json; do
    [ ! -e "$path" ] || inputs+=("$path")
  done
  {
    rustc --version
    cargo-leptos --version
    env | grep -E '^(RUSTFLAGS|CARGO_(PROFILE|BUILD|TARGET|ENCODED)_.*)=' | sort || true
    find "${inputs[@]}" -type f -print0 | sort -z | xargs -0 sha256sum
    # Somebody may have built or removed a part by hand since.
    find target/site "$binary" target/release/hash.txt -type f -printf '%p %s %T@\n' 2>/dev/null | sort || true
  } | sha256sum
}

# cargo-leptos empties target/site and runs wasm-opt and the compression again even where nothing changed.
if [ -x "$binary" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$(state)" ]; then
  note "build: nothing changed"
  exit 0
fi

rm -f "$stamp"

# The two halves have target folders of their own. Side by side they keep all cores busy while one of them links,
# optimises or compresses; cargo-leptos by itself would build them one after the other.
cargo leptos build --release --precompress --frontend-only &
browser_side=$!
# It ends with this script, also where the other half fails or somebody presses Ctrl+C.
trap 'kill "$browser_side" 2>/dev/null || true' EXIT
cargo leptos build --release --server-only
wait "$browser_side"

# cargo-leptos compresses for gzip in a hurry: a sixth more than the slowest level leaves.
find target/site -name '*.gz' -print0 | while IFS= read -r -d '' packed; do
  gzip -9 -n -c "${packed%.gz}" >"$packed"
done

for made in "$binary" target/release/hash.txt target/site; do
  [ -e "$made" ] || die "the build ended without leaving $made"
done
state >"$stamp"
