# Sourced by the other scripts: enters the project's folder, knows the versions, and says things in one way.
# shellcheck shell=bash

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$ROOT" || exit

# shellcheck source=versions.env
source scripts/versions.env

# Tools installed by cargo are found even where the shell's profile does not add them.
export PATH="${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"

note() { printf '%s\n' "$*"; }

die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }
