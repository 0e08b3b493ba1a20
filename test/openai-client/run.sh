#!/usr/bin/env bash
# Runs the official OpenAI client for Node against bin/gapwise. Node is installed from the distribution where it is missing.
set -euo pipefail
cd "$(dirname "$0")"
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
  if ! command -v apt-get >/dev/null; then
    echo "Install Node.js 20 or later and npm first." >&2
    exit 1
  fi
  as_root=()
  if [ "$(id -u)" -ne 0 ]; then as_root=(sudo); fi
  "${as_root[@]}" apt-get update -q
  "${as_root[@]}" apt-get install -y -q --no-install-recommends nodejs npm
fi
npm ci --no-audit --no-fund --ignore-scripts
data=$(mktemp -d)
chmod 755 "$data" # the private server may run as another user
trap 'rm -rf "$data"' EXIT
GAPWISE="${GAPWISE:-$(cd ../.. && pwd)/bin/gapwise}" GAPWISE_DATA="$data" node --test client.test.mjs
