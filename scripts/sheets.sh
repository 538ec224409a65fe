#!/usr/bin/env bash
# Photographs all pages of the release build's demo: target/sheets/index.html, and target/sheets/<width>.png.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# What somebody has set for a server of their own is not for this one.
# shellcheck disable=SC2086
unset ${!LEPTOS_@} ${!COUNTERSIGN_@} DATABASE_URL

[ -x target/release/countersign ] || die "there is no release build; use: make sheets"
CHROMIUM_PATH=${CHROMIUM_PATH:-$(command -v chromium-headless-shell || command -v chromium)} || die "there is no Chromium"
export CHROMIUM_PATH

# The browser tests' own list of pages, server and people, which are TypeScript.
mkdir -p target/sheets
end2end/node_modules/.bin/esbuild end2end/sheets/make.ts --bundle --platform=node --packages=external --log-level=warning \
  --outfile=target/sheets/make.cjs
NODE_PATH=$ROOT/end2end/node_modules node target/sheets/make.cjs target/sheets
note "target/sheets/index.html"
