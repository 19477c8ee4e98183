#!/usr/bin/env bash
# Fetches the source of Lua into build/lua-5.4.4: what its authors released, from the source package of Debian 12,
# by the mirrors that apt knows. Elsewhere, unpack lua-5.4.4.tar.gz there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source=build/lua-5.4.4
checksum=164c7849653b80ae67bec4b7473b884bf5cc8d2dca05653475ec2ed27b9ebf61

[ -f "$source/src/lua.h" ] && exit

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$scratch/parts" "$scratch/lists/partial"
for file in /etc/apt/sources.list /etc/apt/sources.list.d/debian.sources; do
    [ ! -f "$file" ] || sed 's/^deb /deb-src /; s/^Types:.*/Types: deb-src/' "$file" >"$scratch/parts/$(basename "$file")"
done
options=(-q -o Dir::Etc::SourceList=/dev/null -o "Dir::Etc::SourceParts=$scratch/parts"
    -o "Dir::State::Lists=$scratch/lists" -o APT::Sandbox::User=root)

apt-get "${options[@]}" update >&2
(cd "$scratch" && apt-get "${options[@]}" source --download-only lua5.4 >&2)
echo "$checksum  $scratch/lua5.4_5.4.4.orig.tar.gz" | sha256sum --check --quiet
mkdir -p "$source"
tar -xzf "$scratch/lua5.4_5.4.4.orig.tar.gz" -C "$source" --strip-components=1
