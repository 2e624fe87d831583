#!/usr/bin/env bash
# Writes the pin files (exact versions with hashes, for Python 3.11 to 3.13) from the .in files beside them.
# Run by hand to take newer versions; needs uv.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
for pins in python/environments/default tests/requirements bench/peers/requirements; do
  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --upgrade \
    "$pins.in" -o "$pins.txt"
done
