#!/bin/sh
# Builds the Debian packages assistd, assistd-plugins and assistd-dev out of this checkout.
#
#   packaging/build-deb.sh [FOLDER]    the packages, a list of what they are made of (SBOM), and the build's log go there
#                                      (build/deb without it)
#
# The same sources give the same bytes, in whatever folder, as long as its path has no blank: dpkg maps none of those away.
#
# ASSISTD_DEB_VERSION is another version than the changelog's, DEB_BUILD_OPTIONS is dpkg-buildpackage's. What the chat
# page is bundled of comes from npm's registry, exactly as daemon/web/package-lock.json names it.
set -eu
cd "$(dirname "$0")/.."
checkout=$PWD
folder=${1:-build/deb}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)

packaging/install-packages.sh build package

version=$(dpkg-parsechangelog -l packaging/debian/changelog -S Version)
source=$folder/assistd-$version
rm -rf "$source"
mkdir "$source"
# What git knows, as it is in the checkout; without git, everything but what was built.
if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
    git ls-files -z | xargs -0 sh -c 'for file; do [ ! -e "$file" ] || printf "%s\0" "$file"; done' sh |
        tar -cf - --null -T - | tar -xf - -C "$source"
else
    tar -cf - --exclude=./build --exclude=./var --exclude=node_modules --exclude=.git . | tar -xf - -C "$source"
fi
cp -RL "$source/packaging/debian" "$source/debian"
if [ -n "${ASSISTD_DEB_VERSION:-}" ]; then
    sed -i "1s/([^)]*)/($ASSISTD_DEB_VERSION)/" "$source/debian/changelog"
fi

cd "$source"
if ! dpkg-buildpackage -b -us -uc >"$folder/build.log" 2>&1; then
    tail -n 40 "$folder/build.log" >&2
    echo "The packages could not be built; all of the output is in $folder/build.log." >&2
    exit 1
fi
cd "$checkout"
rm -rf "$source"
ls "$folder"/*.deb
