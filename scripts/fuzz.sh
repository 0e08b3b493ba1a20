#!/usr/bin/env bash
# Runs every fuzz target of the module for a time each: fuzz.sh 10s
set -euo pipefail
time=${1:?how long, such as 10s}
go list ./... | while IFS= read -r package; do
	targets=$(go test -list '^Fuzz' "$package" | grep '^Fuzz' || true)
	for target in $targets; do
		echo "==> $package $target"
		go test -run '^$' -fuzz "^$target\$" -fuzztime "$time" "$package"
	done
done
