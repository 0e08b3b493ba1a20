#!/usr/bin/env bash
# Runs every fuzz target of the module for a time each: fuzz.sh 10s [PACKAGE...]
# The targets are found in the sources, so that packages without one are not compiled. All are run, whichever fails.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
time=${1:?how long, such as 10s}
shift
go=${GO:-go}
if (($# == 0)); then set -- ./...; fi

targets=$("$go" list -f '{{$p := .}}{{range .TestGoFiles}}{{$p.ImportPath}} {{$p.Dir}}/{{.}}
{{end}}{{range .XTestGoFiles}}{{$p.ImportPath}} {{$p.Dir}}/{{.}}
{{end}}' "$@" | while read -r package file; do
	if [[ -n $package ]]; then
		sed -n "s|^func \(Fuzz[[:alnum:]_]*\)(f \*testing\.F) {.*|$package \1|p" "$file"
	fi
done)
count=$(grep -c . <<<"$targets" || true)
if ((count == 0)); then
	echo "fuzz: no targets in $*" >&2
	exit 1
fi
echo "==> Fuzzing $count targets for $time each"
n=0
failed=()
while read -r package target; do
	n=$((n + 1))
	echo "==> $n/$count $package $target"
	"$go" test -run '^$' -fuzz "^$target\$" -fuzztime "$time" -fuzzminimizetime 1x "$package" </dev/null || failed+=("$package $target")
done <<<"$targets"
if ((${#failed[@]})); then
	printf 'fuzz: failed: %s\n' "${failed[@]}" >&2
	exit 1
fi
