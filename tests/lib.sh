# For the test scripts: cases in TAP, a folder of their own, and the program
# run as a user would.  Read with `. "${SRCDIR:-.}/tests/lib.sh"`; end with
# `done_testing`.
#
# Make gives SRCDIR, BUILDDIR and STEELYARD (the program); by hand, from the
# top of a built tree, the defaults below do.
SRCDIR=${SRCDIR:-$PWD}
BUILDDIR=${BUILDDIR:-$PWD}
STEELYARD=${STEELYARD:-$BUILDDIR/steelyard}
STEELYARD_DATA=${STEELYARD_DATA:-$SRCDIR}
export SRCDIR BUILDDIR STEELYARD STEELYARD_DATA

work=$(mktemp -d) || exit 99
trap 'chmod -R u+rwx "$work" 2>/dev/null; rm -rf "$work"' EXIT

# Nothing of the user's own: no store, no settings, no colours, no locale.
export HOME=$work/home XDG_DATA_HOME=$work/data XDG_CONFIG_HOME=$work/config
export XDG_STATE_HOME=$work/state LC_ALL=C.UTF-8
mkdir "$work/home"
unset NO_COLOR CLICOLOR_FORCE SOURCE_DATE_EPOCH STEELYARD_WIDTH

cases=0

pass() {
	cases=$((cases + 1))
	echo "ok $cases - $1"
}

# fail NAME [WHY]: the reason follows as a comment of the result.
fail() {
	cases=$((cases + 1))
	echo "not ok $cases - $1"
	[ -z "${2-}" ] || printf '%s\n' "$2" | sed 's/^/# /'
}

skip() {
	cases=$((cases + 1))
	echo "ok $cases - $1 # SKIP $2"
}

# check NAME COMMAND...: passes when the command succeeds; shows what it said.
check() {
	local name=$1 said
	shift
	if said=$("$@" 2>&1); then
		pass "$name"
	else
		fail "$name" "$said"
	fi
}

# same NAME WANT GOT
same() {
	if [ "$2" = "$3" ]; then
		pass "$1"
	else
		fail "$1" "wanted: $2
     got: $3"
	fi
}

# steelyard ARGUMENT...: runs the program; leaves $status, $work/out and
# $work/err.  Standard input is the caller's.
steelyard() {
	"$STEELYARD" "$@" >"$work/out" 2>"$work/err"
	status=$?
}

# sound: what holds for every run, whatever it was asked: a documented exit
# status, nothing that a sanitizer or a failed assertion would say, no
# terminal control on a stream that is no terminal.
sound() {
	case $status in
	0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8) ;;
	*) echo "undocumented exit status $status"; return 1 ;;
	esac
	if grep -qE 'Sanitizer|runtime error:|Assertion' "$work/err"; then
		echo "the sanitizer speaks"
		return 1
	fi
	if LC_ALL=C grep -q "$(printf '[\001-\010\013-\037\177]')" \
		"$work/out" "$work/err"; then
		echo "control characters in the output"
		return 1
	fi
}

# expect NAME STATUS [out REGEX | err REGEX | noout | noerr]... -- ARGUMENT...
# One case: runs the program and holds everything that was said against it.
expect() {
	local name=$1 want=$2 why= terms=()
	shift 2
	while [ "$1" != -- ]; do
		case $1 in
		out | err) terms+=("$1" "$2"); shift 2 ;;
		noout | noerr) terms+=("$1" ''); shift ;;
		*) fail "$name" "bad term $1 in the test"; return ;;
		esac
	done
	shift
	steelyard "$@"
	[ "$status" = "$want" ] || why="exit status $status, wanted $want"
	why+=$(sound)
	set -- "${terms[@]}"
	while [ $# -gt 0 ]; do
		why+=$(term "$1" "$2")
		shift 2
	done
	if [ -z "$why" ]; then
		pass "$name"
	else
		fail "$name" "$why
$(head -c 1000 "$work/out" | sed 's/^/out: /')
$(head -c 1000 "$work/err" | sed 's/^/err: /')"
	fi
}

term() {
	case $1 in
	noout) [ ! -s "$work/out" ] || echo " output where none was due;" ;;
	noerr) [ ! -s "$work/err" ] || echo " messages where none were due;" ;;
	*) grep -qE -e "$2" "$work/$1" || echo " no '$2' in $1;" ;;
	esac
}

done_testing() {
	echo "1..$cases"
	exit 0
}
