#!/usr/bin/env bash
# Puts what the pages take from npm into web/assets/dist. Without Node.js nothing happens: the pages work without scripts.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
stamp=web/assets/dist/.made
if [[ -f $stamp && ! package-lock.json -nt $stamp && ! scripts/assets.mjs -nt $stamp && -z $(find web/assets/css -newer "$stamp" -print -quit) ]]; then exit 0; fi
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
	echo "==> Node.js is not installed: the pages go without scripts (make test-browser installs it)"
	exit 0
fi
if [[ ! -f node_modules/.package-lock.json || package-lock.json -nt node_modules/.package-lock.json ]]; then
	echo "==> Fetching what the pages take from npm"
	if ! npm ci --no-audit --no-fund --ignore-scripts --omit=optional --loglevel=error; then
		echo "==> npm gave nothing: the pages go without scripts" >&2
		exit 0
	fi
	touch node_modules/.package-lock.json
fi
node scripts/assets.mjs
touch "$stamp"
