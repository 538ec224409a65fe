#!/usr/bin/env bash
# Packs the optimised build into target/dist/countersign-<version>-<arch>.tar.gz, with its SHA-256 beside it.
# The same build gives the same archive: names are sorted, and times and owners say nothing about this machine.
# What `make sbom` left lies there already, and gets a SHA-256 too.
#   release.sh [TARGET]   the folder with the build in it; `target` where none is named
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

built=${1:-target}
version=$(awk -F '"' '/^version = / { print $2; exit }' Cargo.toml)
arch=$(uname -m)
name=countersign-$version-$arch

for made in dist/countersign dist/hash.txt site/pkg; do
  [ -e "$built/$made" ] || die "$built/$made is missing: run make dist first"
done
told=$("$built/dist/countersign" --version)
[ "$told" = "countersign $version" ] || die "the program says it is \"$told\", not countersign $version: run make dist"
# Pages name their style and program by these, so a site of another build would come without both.
while read -r kind hash; do
  compgen -G "$built/site/pkg/*$hash*" >/dev/null || die "site/pkg has no file of $kind $hash: run make dist"
done <"$built/dist/hash.txt"

sbom=$built/dist/countersign-$version.cdx.json
locks=$(cat Cargo.lock end2end/package-lock.json | sha256sum | cut -d ' ' -f 1)
if [ -e "$sbom" ] && ! grep -qF "$locks" "$sbom"; then
  die "${sbom##*/} lists other packages than the lock files: run make sbom"
fi

# The time of the last commit; a copy of the sources without git has none.
time=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
folder=$work/$name
mkdir "$folder"
cp "$built/dist/countersign" "$built/dist/hash.txt" "$folder"
cp -R "$built/site" "$folder/site"
cp deploy/countersign.toml.example deploy/countersign.service deploy/as-service "$folder"
sed -e "s/@VERSION@/$version/" -e "s/@ARCH@/$arch/" deploy/release-readme.txt >"$folder/README.txt"
for licence in LICENSE*; do
  [ ! -f "$licence" ] || cp "$licence" "$folder"
done

archive=$built/dist/$name.tar.gz
tar --create --directory "$work" --format=ustar --sort=name --mtime="@$time" --owner=0 --group=0 --numeric-owner \
  --mode='u=rwX,go=rX' "$name" | gzip -9 -n >"$archive.part"
mv "$archive.part" "$archive"
(cd "$built/dist" && sha256sum "$name.tar.gz" >"$name.tar.gz.sha256")

# What was packed has to find its pages from any folder, and without any setting of ours.
mkdir "$work/unpacked" "$work/elsewhere"
tar -xzf "$archive" -C "$work/unpacked"
if ! (cd "$work/elsewhere" && env -i COUNTERSIGN_DATA_DIR="$work/data" "$work/unpacked/$name/countersign" config check); then
  rm -f "$archive" "$archive.sha256"
  die "the unpacked release does not work"
fi
note "$archive"
if [ -e "$sbom" ]; then
  (cd "$built/dist" && sha256sum "${sbom##*/}" >"${sbom##*/}.sha256")
  note "$sbom"
fi
