#!/usr/bin/env bash
# Lets Lighthouse judge the main pages of the release build as a phone gets them, prints the table and writes it into
# docs/performance.md. Lighthouse is installed here, once: nothing else needs it.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# What somebody has set for a server of their own is not for this one.
# shellcheck disable=SC2086
unset ${!LEPTOS_@} ${!COUNTERSIGN_@} DATABASE_URL

[ -x target/release/countersign ] || die "there is no release build; use: make lighthouse"
if [ -z "${CHROMIUM_PATH:-}" ]; then
  CHROMIUM_PATH=$(command -v chromium || command -v chromium-headless-shell) ||
    die "there is no Chromium; install one, or name it in CHROMIUM_PATH"
fi
export CHROMIUM_PATH

folder=benches/lighthouse
stamp=$folder/node_modules/.installed
wanted=$(cat $folder/package.json $folder/package-lock.json | sha256sum)
if [ "$(cat $stamp 2>/dev/null)" != "$wanted" ]; then
  note "Lighthouse: installing"
  (cd $folder && npm ci --loglevel=error --no-audit --no-fund)
  echo "$wanted" >$stamp
fi
mkdir -p target/lighthouse
exec node $folder/judge.mjs
