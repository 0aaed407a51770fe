#!/bin/sh
# Installs the Node modules that package-lock.json names, unless exactly these are installed already.
set -eu
cd "$(dirname "$0")"
cmp -s package-lock.json node_modules/installed-lock.json && exit 0
npm ci --omit=optional --silent --no-progress
cp package-lock.json node_modules/installed-lock.json
