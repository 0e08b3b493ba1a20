#!/usr/bin/env bash
# Makes the files of the fixture resumes from their sources: fixtures.sh [NAME...], all without names.
# Needs Chromium, LibreOffice Writer, and the fonts Lato, Liberation, DejaVu, WenQuanYi Micro Hei and Font Awesome. The files are committed, so that
# only who changes a source needs them.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
dir=$root/resume/testdata/fixtures
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

for tool in chromium soffice; do
	command -v "$tool" >/dev/null || {
		echo "fixtures: $tool is missing (Debian: apt-get install chromium libreoffice-writer)" >&2
		exit 1
	}
done

print_pdf() {
	chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
		--user-data-dir="$temp/chromium" --no-pdf-header-footer --print-to-pdf="$2" "file://$1" >"$temp/log" 2>&1 ||
		{ cat "$temp/log" >&2; return 1; }
}

convert() { # SOURCE FILE FILTER
	cp "$1" "$temp/resume.html"
	soffice "-env:UserInstallation=file://$temp/office" --headless --infilter='HTML (StarWriter)' --convert-to "${2##*.}:$3" --outdir "$temp" "$temp/resume.html" >"$temp/log" 2>&1 ||
		{ cat "$temp/log" >&2; return 1; }
	mv "$temp/${2##*/}" "$2"
}

cd "$dir"
if (($# == 0)); then set -- */; fi
for name in "$@"; do
	name=${name%/}
	[[ -f $name/source.html ]] || continue
	file=$name/$(sed -n 's/.*"file": "\([^"]*\)".*/\1/p' "$name/truth.json")
	echo "==> $file"
	case $file in
	*.pdf) print_pdf "$dir/$name/source.html" "$dir/$file" ;;
	*.docx) convert "$name/source.html" "$file" 'MS Word 2007 XML' ;;
	*.odt) convert "$name/source.html" "$file" writer8 ;;
	*.rtf) convert "$name/source.html" "$file" 'Rich Text Format' ;;
	esac
done
cd "$root"
"${GO:-go}" run ./internal/makefixtures "$dir"
