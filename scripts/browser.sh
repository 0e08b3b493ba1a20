#!/usr/bin/env bash
# Installs what the tests in a browser need where it is missing: Chromium, Node.js and npm.
set -euo pipefail
missing=()
if ! command -v chromium >/dev/null && ! command -v chromium-browser >/dev/null && ! command -v google-chrome >/dev/null && [[ -z ${CHROMIUM:-} ]]; then missing+=(chromium fonts-liberation); fi
if ! command -v node >/dev/null; then missing+=(nodejs); fi
if ! command -v npm >/dev/null; then missing+=(npm); fi
if ((${#missing[@]} == 0)); then exit 0; fi
if ! command -v apt-get >/dev/null; then
	echo "Install ${missing[*]} first." >&2
	exit 1
fi
as_root=()
if ((EUID != 0)); then as_root=(sudo); fi
echo "==> Installing ${missing[*]}"
"${as_root[@]}" apt-get update -q >/dev/null
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" >/dev/null
