#!/usr/bin/env bash
# Photographs the release build's demo.
#   sheets.sh            all pages: target/sheets/index.html, and target/sheets/<width>.png
#   sheets.sh pictures   those of the handbook and of the README: docs/pictures and docs/screenshot.png
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# What somebody has set for a server of their own is not for this one.
# shellcheck disable=SC2086
unset ${!LEPTOS_@} ${!COUNTERSIGN_@} DATABASE_URL

case ${1:-} in
  '') program=make left=target/sheets/index.html into=target/sheets ;;
  pictures) program=pictures left=docs/pictures into=docs ;;
  *) die "usage: scripts/sheets.sh [pictures]" ;;
esac

[ -x target/release/countersign ] || die "there is no release build; use: make build"
CHROMIUM_PATH=${CHROMIUM_PATH:-$(command -v chromium-headless-shell || command -v chromium)} || die "there is no Chromium"
export CHROMIUM_PATH

# The browser tests' own list of pages, server and people, which are TypeScript.
mkdir -p target/sheets
end2end/node_modules/.bin/esbuild "end2end/sheets/$program.ts" --bundle --platform=node --packages=external \
  --log-level=warning --outfile="target/sheets/$program.cjs"
NODE_PATH=$ROOT/end2end/node_modules node "target/sheets/$program.cjs" "$into"
note "$left"
