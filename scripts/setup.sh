#!/usr/bin/env bash
# Installs what is lacking and nothing else.
#   setup.sh build   what `make build` and `make demo` need (the default)
#   setup.sh test    that, and what `make test` needs
#   setup.sh sbom    what `make build` needs, and the tool that lists what the program is made of
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

goal=${1:-build}
case $goal in
  build | test | sbom) ;;
  *) die "usage: scripts/setup.sh [build|test|sbom]" ;;
esac

for tool in cargo rustc node npm; do
  have "$tool" || die "$tool is needed and is not installed"
done

# --- Debian packages ---------------------------------------------------------

# version_of COMMAND...: the version it prints, or nothing where it is not installed.
version_of() {
  have "$1" || return 0
  "$@" --version 2>/dev/null | grep -oE -m1 '[0-9]+\.[0-9]+\.[0-9]+' | head -n 1 || true
}

packages=()

# want_package NAME COMMAND...: the package is wanted unless the check succeeds.
want_package() {
  local package=$1
  shift
  if "$@"; then
    note "$package: already there"
  else
    note "$package: to be installed"
    packages+=("$package")
  fi
}

idle_packages=()

# The same for one that would start a service of its own.
want_idle_package() {
  local before=${#packages[@]}
  want_package "$@"
  if [ "${#packages[@]}" -gt "$before" ]; then
    unset "packages[-1]"
    idle_packages+=("$1")
  fi
}

# The headless shell is Chromium without what draws on screens, and does the tests with a third less work. Where the
# system knows no such package, Chromium itself does.
has_browser() {
  have "${CHROMIUM_PATH:-chromium-headless-shell}" ||
    { have chromium && ! apt-cache show chromium-headless-shell >/dev/null 2>&1; }
}
has_postgres() { scripts/postgres.sh find >/dev/null 2>&1; }
has_sasl_modules() { compgen -G '/usr/lib/*/sasl2/libplain.so*' >/dev/null; }
# Without any font Chromium draws no text at all.
has_fonts() { compgen -G '/usr/share/fonts/*/*/*.[to]tf' >/dev/null; }

want_package gcc have cc
want_package libc6-dev test -e /usr/include/stdlib.h
want_package pkg-config have pkg-config
if [ "$goal" = test ]; then
  want_package chromium-headless-shell has_browser
  want_package fonts-dejavu-core has_fonts
  # Makes the codes that the server has to accept.
  want_package oathtool have oathtool
  want_package postgresql has_postgres
  # A mail server that tests run with a configuration of their own, and what makes its accounts.
  want_idle_package postfix test -x /usr/sbin/postfix
  want_idle_package sasl2-bin test -x /usr/sbin/saslpasswd2
  want_idle_package libsasl2-modules has_sasl_modules
  # A pooler before PostgreSQL, also with a configuration of its own.
  want_idle_package pgbouncer test -x /usr/sbin/pgbouncer
fi
scripts/apt.sh "${packages[@]}"
scripts/apt.sh --idle "${idle_packages[@]}"

# --- The compiler's WASM target ----------------------------------------------

target=wasm32-unknown-unknown
if [ -d "$(rustc --print sysroot)/lib/rustlib/$target" ]; then
  note "$target: already there"
else
  note "$target: installing"
  have rustup || die "this Rust has no $target target, and there is no rustup to add it"
  rustup target add "$target"
fi

# --- Cargo tools --------------------------------------------------------------

tools=target/tools
unoptimised=(
  --config 'profile.release.opt-level=0'
  --config 'profile.release.lto="off"'
  --config 'profile.release.codegen-units=16'
  --config 'profile.release.debug=false'
)

# cargo_tool CRATE VERSION HOW-LONG INSTALLED-VERSION [OPTION...]
cargo_tool() {
  local crate=$1 version=$2 how_long=$3 installed=$4
  shift 4
  if [ "$installed" = "$version" ]; then
    note "$crate $version: already there"
    return
  fi
  note "$crate $version: installing (about $how_long, once)"
  # Compiling a tool takes minutes and its own work seconds, so nothing is optimised. What several tools are made of
  # is compiled once, in a folder that is thrown away below.
  cargo install "$crate" --version "$version" --locked --target-dir "$tools" "${unoptimised[@]}" "$@"
}

if [ "$goal" = test ]; then
  cargo_tool cargo-deny "$CARGO_DENY_VERSION" "1 minute" "$(version_of cargo-deny)"
  nextest=$(version_of cargo-nextest)
  # Any recent nextest will do.
  cargo_tool cargo-nextest "${nextest:-$CARGO_NEXTEST_VERSION}" "2 minutes" "$nextest" \
    --no-default-features --features default-no-update
  # Without what serves a book and watches it.
  cargo_tool mdbook "$MDBOOK_VERSION" "1 minute" "$(version_of mdbook)" --no-default-features
fi
if [ "$goal" = sbom ]; then
  cargo_tool cargo-cyclonedx "$CARGO_CYCLONEDX_VERSION" "1 minute" "$(version_of cargo-cyclonedx cyclonedx)"
fi

rm -rf "$tools"

# --- npm packages: wasm-opt and esbuild for the build, Playwright for the tests -

stamp=end2end/node_modules/.installed
wanted=$(cat end2end/package.json end2end/package-lock.json | sha256sum)
if [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then
  note "npm packages: already there"
else
  note "npm packages: installing"
  (cd end2end && npm ci --loglevel=error --no-audit --no-fund)
  echo "$wanted" >"$stamp"
fi
