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
# run fuzzes one target. Go sometimes reports its own deadline as a failure when the time ends in the middle of an input; that names no input, and
# such a target gets one more try.
run() {
	local out status=0
	out=$(mktemp)
	"$go" test -run '^$' -fuzz "^$2\$" -fuzztime "$time" -fuzzminimizetime 1x "$1" </dev/null 2>&1 | tee "$out" || status=1
	if ((status)) && grep -q 'context deadline exceeded' "$out" && ! grep -q 'Failing input written' "$out"; then status=2; fi
	rm -f "$out"
	return "$status"
}
n=0
failed=()
while read -r package target; do
	n=$((n + 1))
	echo "==> $n/$count $package $target"
	status=0
	run "$package" "$target" || status=$?
	if ((status == 2)); then
		status=0
		run "$package" "$target" || status=$?
	fi
	if ((status)); then failed+=("$package $target"); fi
done <<<"$targets"
if ((${#failed[@]})); then
	printf 'fuzz: failed: %s\n' "${failed[@]}" >&2
	exit 1
fi
