#!/usr/bin/env bash
# Installs what Gapwise's private database needs: PostgreSQL >= 15 and pgvector >= 0.8.
#
# Nothing is started and no system-wide cluster is made: gapwise runs its own, in its data directory. Running this again is
# cheap and changes nothing. With DATABASE_URL set there is a database already, and nothing is installed.
#
# Debian 13 has both as packages. Debian 12 has no pgvector and Ubuntu 24.04 has one that is too old, so there Debian's own
# source of it is fetched from a mirror that apt is already configured for, checked against a pinned SHA-256, and compiled.
# macOS takes both from Homebrew. With --compiler, a C compiler is installed too, which tests with the race detector need.

set -euo pipefail

readonly need_postgres=15
readonly need_vector=0.8

# The upstream source as Debian's archive carries it: the version of Debian 13, which stays there as long as Debian 13 does.
readonly source_version=0.8.0
readonly source_sum=867a2c328d4928a5a9d6f052cd3bc78c7d60228a9b914ad32aa3db88e9de27b0

self=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/$(basename "${BASH_SOURCE[0]}")
readonly self
temp=
ticker=
updated=

say() { printf '==> %s\n' "$*"; }

die() {
	printf 'setup: %s\n' "$*" >&2
	exit 1
}

stop_ticker() {
	if [[ -n $ticker ]]; then
		kill "$ticker" 2>/dev/null || true
		wait "$ticker" 2>/dev/null || true
		ticker=
	fi
}

leave() {
	stop_ticker
	if [[ -n $temp ]]; then rm -rf "$temp"; fi
}
trap leave EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

make_temp() {
	if [[ -z $temp ]]; then temp=$(mktemp -d "${TMPDIR:-/tmp}/gapwise-setup.XXXXXX"); fi
}

# step LABEL COMMAND...: one line for the step, its output into a log, a sign of life every ten seconds. Returns the command's
# status; the caller decides whether that is the end.
step() {
	local label=$1 status=0
	shift
	make_temp
	say "$label"
	(
		waited=0
		while sleep 1 >/dev/null 2>&1; do
			waited=$((waited + 1))
			if ((waited % 10 == 0)); then
				printf '    still working, %d s: %s\n' "$waited" "$(tail -n 1 "$temp/log" 2>/dev/null | tr -d '\r' | cut -c 1-100)"
			fi
		done
	) &
	ticker=$!
	"$@" >"$temp/log" 2>&1 </dev/null || status=$?
	stop_ticker
	return "$status"
}

# must LABEL COMMAND...: step, and the end of the log and of the script if it fails.
must() {
	if ! step "$@"; then
		tail -n 25 "$temp/log" >&2
		die "failed: $1 (the last lines are above). Mend that and run this again."
	fi
}

# at_least A B: whether version A is B or later, by the first two numbers.
at_least() {
	local a1 a2 b1 b2
	IFS=. read -r a1 a2 _ <<<"$1.0"
	IFS=. read -r b1 b2 _ <<<"$2.0"
	((10#$a1 > 10#$b1 || (10#$a1 == 10#$b1 && 10#$a2 >= 10#$b2)))
}

# server_version BIN: 15.18, or nothing. Debian appends its own version in brackets and a release candidate is "18rc1".
server_version() {
	local text
	text=$("$1/postgres" --version 2>/dev/null) || return 0
	[[ $text =~ ([0-9]+(\.[0-9]+)?) ]] && printf '%s' "${BASH_REMATCH[1]}"
	return 0
}

# share_dirs BIN: where that installation may keep its extensions.
share_dirs() {
	local up=${1%/bin} major
	if [[ -x $1/pg_config ]]; then "$1/pg_config" --sharedir 2>/dev/null || true; fi
	case $1 in
	/usr/lib/postgresql/*) printf '/usr/share/postgresql/%s\n' "${up##*/}" ;;
	*/opt/postgresql@*)
		major=${up##*@}
		printf '%s\n' "${up%/opt/*}/share/postgresql@$major" "$up/share/postgresql@$major"
		;;
	esac
	printf '%s\n' "$up/share/postgresql" "$up/share"
}

# vector_version BIN: 0.8.0, or nothing.
vector_version() {
	local dir line
	while IFS= read -r dir; do
		if [[ -r $dir/extension/vector.control ]]; then
			while IFS= read -r line; do
				if [[ $line =~ ^default_version[[:space:]]*=[[:space:]]*\'([0-9.]+)\' ]]; then
					printf '%s' "${BASH_REMATCH[1]}"
					return 0
				fi
			done <"$dir/extension/vector.control"
		fi
	done < <(share_dirs "$1")
}

# bins: the directories that may hold a server, newest first.
bins() {
	local path
	if path=$(command -v postgres 2>/dev/null); then printf '%s\n' "${path%/*}"; fi
	for path in /usr/lib/postgresql/*/bin /opt/homebrew/opt/postgresql@*/bin /usr/local/opt/postgresql@*/bin; do
		if [[ -x $path/postgres ]]; then printf '%s\n' "$path"; fi
	done | sort -rV
}

# present: says so and succeeds if an installation has everything.
present() {
	local bin server vector
	while IFS= read -r bin; do
		server=$(server_version "$bin")
		vector=$(vector_version "$bin")
		if [[ -n $server && -n $vector ]] && at_least "$server" "$need_postgres" && at_least "$vector" "$need_vector"; then
			say "PostgreSQL $server with pgvector $vector: present"
			return 0
		fi
	done < <(bins)
	return 1
}

as_root() {
	if ((EUID == 0)); then
		"$@"
	else
		sudo -- "$@"
	fi
}

# may_install: root, or able to become root. Asked before the first change, so that the password prompt is not lost in a log.
may_install() {
	if ((EUID == 0)); then return; fi
	if command -v sudo >/dev/null; then
		say "Packages are installed by root; sudo may ask for your password"
		if sudo -v; then return; fi
	fi
	die "this needs root once, to install packages. Run:
    su -c 'bash $self'
or set DATABASE_URL to a PostgreSQL >= $need_postgres that has pgvector >= $need_vector."
}

apt_get() {
	as_root env DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1 NEEDRESTART_MODE=l \
		apt-get -o Acquire::Retries=3 -o DPkg::Lock::Timeout=120 -q "$@"
}

apt_update() {
	if [[ -z $updated ]]; then
		must "Refreshing the package lists" apt_get update
		updated=yes
		# apt calls it a success when a mirror is out of reach; it may be one that is not needed, so it is only said.
		grep -m 3 '^W: Failed to fetch' "$temp/log" >&2 || true
	fi
}

# candidate PACKAGE: the version apt would install, or nothing.
candidate() {
	LC_ALL=C apt-cache policy "$1" 2>/dev/null | awk '$1 == "Candidate:" && $2 != "(none)" { print $2 }'
}

# apt_install LABEL PACKAGE...: a list that is out of date names files that the mirror has dropped, so once more after an update.
apt_install() {
	local label=$1
	shift
	if [[ -z $updated ]] && step "$label" apt_get install -y --no-install-recommends --no-upgrade "$@"; then return; fi
	apt_update
	must "$label" apt_get install -y --no-install-recommends --no-upgrade "$@"
}

# installed_major: the newest PostgreSQL of Debian's layout that is new enough, or nothing.
installed_major() {
	local bin version
	while IFS= read -r bin; do
		version=$(server_version "$bin")
		if [[ $bin == /usr/lib/postgresql/* && -n $version ]] && at_least "$version" "$need_postgres"; then
			printf '%s' "${version%%.*}"
			return
		fi
	done < <(bins)
}

# offered_major: the newest PostgreSQL that apt offers, or nothing.
offered_major() {
	apt-cache pkgnames postgresql- 2>/dev/null | sed -n 's/^postgresql-\([0-9][0-9]\)$/\1/p' | sort -rn |
		while IFS= read -r major; do
			if ((major >= need_postgres)) && [[ -n $(candidate "postgresql-$major") ]]; then
				printf '%s' "$major"
				break
			fi
		done
}

# no_main_cluster keeps the server package from creating and starting a cluster of its own.
no_main_cluster() {
	local conf=/etc/postgresql-common/createcluster.conf
	if grep -Eq '^[[:space:]]*create_main_cluster[[:space:]]*=[[:space:]]*false' "$conf"; then return; fi
	as_root sed -i -E '/^[[:space:]]*#?[[:space:]]*create_main_cluster[[:space:]]*=/d' "$conf"
	echo 'create_main_cluster = false' | as_root tee -a "$conf" >/dev/null
}

# archives: the base addresses of the Debian or Ubuntu archives that apt is configured for. A cloud image names a file that
# lists its mirrors instead of a mirror.
archives() {
	local uri label
	# The $(…) are apt's fields, not the shell's.
	# shellcheck disable=SC2016
	apt-get indextargets --format '$(REPO_URI) $(LABEL)' 'Created-By: Packages' | sort -u | while read -r uri label; do
		case $label in Debian | Ubuntu) ;; *) continue ;; esac
		case $uri in
		http://* | https://*) printf '%s\n' "${uri%/}" ;;
		mirror+file:*)
			uri=${uri#mirror+file:}
			awk '$1 ~ /^https?:/ { sub("/$", "", $1); print $1 }' "${uri%/}"
			;;
		esac
	done | sort -u
}

# fetch_source: pgvector's source into $temp/pgvector.tar.gz. apt's own helper downloads it, so its proxy and credentials
# hold here too, and it refuses a file that has another SHA-256.
fetch_source() {
	local archive part file=pgvector_$source_version.orig.tar.gz
	while IFS= read -r archive; do
		for part in main universe; do
			if /usr/lib/apt/apt-helper -o Acquire::Retries=3 download-file \
				"$archive/pool/$part/p/pgvector/$file" "$temp/pgvector.tar.gz" "SHA256:$source_sum" &&
				echo "$source_sum  $temp/pgvector.tar.gz" | sha256sum --check --status; then
				return
			fi
			rm -f "$temp/pgvector.tar.gz"
		done
	done < <(archives)
	echo "no archive that apt is configured for has $file with the SHA-256 $source_sum"
	return 1
}

# fetch_headers MAJOR: the server's headers and build rules into $temp/unpacked, of the server's own version where apt still has
# it. They are unpacked, not installed: the package would bring clang and LLVM, some hundred megabytes for one small compile.
fetch_headers() {
	local package version deb
	mkdir -p "$temp/debs" "$temp/unpacked"
	version=$(dpkg-query -W -f '${Version}' "postgresql-$1")
	(
		cd "$temp/debs"
		for package in "postgresql-server-dev-$1" libpq-dev; do
			apt-get -q -o Acquire::Retries=3 download "$package=$version" ||
				apt-get -q -o Acquire::Retries=3 download "$package"
		done
	) || return 1
	for deb in "$temp"/debs/*.deb; do dpkg-deb -x "$deb" "$temp/unpacked" || return 1; done
	# pg_config answers relative to where it lies, so a copy beside the unpacked files leads the build to them. It and the build
	# rules come with the client package, which the server needs and which is here already.
	mkdir -p "$temp/unpacked/usr/lib/postgresql/$1/bin" "$temp/unpacked/usr/lib/postgresql/$1/lib"
	cp -L "/usr/lib/postgresql/$1/bin/pg_config" "$temp/unpacked/usr/lib/postgresql/$1/bin/" &&
		cp -RL "/usr/lib/postgresql/$1/lib/pgxs" "$temp/unpacked/usr/lib/postgresql/$1/lib/"
}

# compile MAJOR. OPTFLAGS is emptied as Debian does: -march=native would crash on the next machine this disk is moved to.
compile() {
	local flags=(with_llvm=no OPTFLAGS= "PG_CONFIG=$temp/unpacked/usr/lib/postgresql/$1/bin/pg_config")
	mkdir "$temp/src"
	tar -xzf "$temp/pgvector.tar.gz" -C "$temp/src" --strip-components 1 || return 1
	make -C "$temp/src" -j "$(nproc)" "${flags[@]}" && make -C "$temp/src" install "${flags[@]}"
}

# place MAJOR: the library first, so that the control file never names a library that is not there.
place() {
	local share=share/postgresql/$1/extension
	as_root install -m 644 "$temp/unpacked/usr/lib/postgresql/$1/lib/vector.so" "/usr/lib/postgresql/$1/lib/vector.so"
	as_root install -m 644 "$temp/unpacked/usr/$share"/vector--*.sql "/usr/$share/"
	as_root install -m 644 "$temp/unpacked/usr/$share/vector.control" "/usr/$share/"
}

# ensure_tools WHY TOOL...: the C compiler and the named programs.
ensure_tools() {
	local why=$1 tool tools=()
	shift
	for tool in gcc "$@"; do
		if ! command -v "$tool" >/dev/null; then tools+=("$tool"); fi
	done
	if [[ ! -e /usr/include/stdio.h ]]; then tools+=(libc6-dev); fi
	if ((${#tools[@]})); then apt_install "Installing ${tools[*]} $why" "${tools[@]}"; fi
}

build_vector() {
	local major=$1
	ensure_tools "to compile pgvector" make
	if [[ -z $(candidate "postgresql-server-dev-$major") ]]; then apt_update; fi
	if [[ -n $updated ]] || ! step "Fetching the headers of PostgreSQL $major" fetch_headers "$major"; then
		apt_update
		must "Fetching the headers of PostgreSQL $major" fetch_headers "$major"
	fi
	must "Fetching pgvector's source" fetch_source
	must "Compiling pgvector" compile "$major"
	must "Installing pgvector for PostgreSQL $major" place "$major"
}

setup_apt() {
	local major vector
	may_install
	major=$(installed_major)
	if [[ -z $major ]]; then
		major=$(offered_major)
		if [[ -z $major ]]; then
			apt_update
			major=$(offered_major)
		fi
		if [[ -z $major ]]; then
			die "apt offers no PostgreSQL >= $need_postgres. Use Debian 12, Ubuntu 24.04 or later, or set DATABASE_URL."
		fi
		apt_install "Installing PostgreSQL's common files" postgresql-common
		no_main_cluster
		apt_install "Installing PostgreSQL $major" "postgresql-$major"
	fi
	vector=$(candidate "postgresql-$major-pgvector")
	if [[ -n $vector ]] && dpkg --compare-versions "$vector" ge "$need_vector"; then
		apt_install "Installing pgvector for PostgreSQL $major" "postgresql-$major-pgvector"
	else
		build_vector "$major"
	fi
}

setup_brew() {
	if ! command -v brew >/dev/null; then
		die "Homebrew is not installed. Install it, then run this again; or set DATABASE_URL to a PostgreSQL >= $need_postgres that has pgvector >= $need_vector."
	fi
	must "Installing PostgreSQL 17 and pgvector with Homebrew" brew install --quiet postgresql@17 pgvector
}

# setup_compiler: what the race detector of `make test` links with. macOS brings its own.
setup_compiler() {
	if command -v cc >/dev/null && [[ -e /usr/include/stdio.h || $(uname -s) == Darwin ]]; then return; fi
	if ! command -v apt-get >/dev/null; then
		die "the race detector needs a C compiler. Install one with this system's package manager (macOS: xcode-select --install)."
	fi
	may_install
	ensure_tools "for the race detector"
}

main() {
	if [[ ${1:-} == --compiler ]]; then setup_compiler; fi
	if [[ -n ${DATABASE_URL:-} ]]; then
		say "DATABASE_URL is set: that database is used and nothing is installed (it needs PostgreSQL >= $need_postgres and pgvector >= $need_vector)"
		return
	fi
	if present; then return; fi
	if [[ $(uname -s) == Darwin ]]; then
		setup_brew
	elif command -v apt-get >/dev/null; then
		setup_apt
	else
		die "this system has neither apt nor Homebrew. Install PostgreSQL >= $need_postgres (server and psql) and pgvector >= $need_vector with its package manager, or set DATABASE_URL."
	fi
	present || die "the packages were installed, but no PostgreSQL >= $need_postgres with pgvector >= $need_vector was found"
}

main "$@"
