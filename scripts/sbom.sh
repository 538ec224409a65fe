#!/usr/bin/env bash
# Leaves target/dist/countersign-<version>.cdx.json: what the program and the pages are made of, as CycloneDX, and
# checks that nothing is missing in it. The same sources give the same file.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

version=$(awk -F '"' '/^version = / { print $2; exit }' Cargo.toml)
made=target/dist/countersign-$version.cdx.json

# Whoever changed a Cargo.toml hears of it here: what follows would change the lock file.
cargo fetch --locked --quiet
# The time of the last commit; a copy of the sources without git has none.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}
export SOURCE_DATE_EPOCH

mkdir -p target/dist
node scripts/sbom.mjs "$made"
node scripts/checks/sbom.mjs "$made"
note "$made"
