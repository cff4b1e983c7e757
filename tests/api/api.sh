#!/usr/bin/env bash
# The public library: installed, its example built with nothing but pkg-config,
# and the same digits as the program.
. "${SRCDIR:-.}/tests/lib.sh"

cc=${CC:-cc}
if ! command -v "${cc%% *}" >/dev/null || ! command -v pkg-config >/dev/null; then
	skip "libsteelyard" "no compiler or pkg-config"
	done_testing
fi

mkdir -p "$work/root"
# Only what a program needs; the prefix is where it was installed for the test.
installed() {
	make -s -C "$BUILDDIR" install-devlibDATA install-pkgconfigDATA \
		install-includeHEADERS DESTDIR="$work/root" </dev/null
}
check "make install puts header, archive and pkg-config file" installed
pc=$(find "$work/root" -name steelyard.pc)
prefix=${pc%/lib/pkgconfig/steelyard.pc}
export PKG_CONFIG_PATH=${pc%/steelyard.pc}

# The paths in the file are those of the real prefix: put the root before them.
flags() {
	pkg-config --cflags --libs steelyard |
		sed "s|-I${prefix#"$work/root"}|-I$prefix|;
			s|-L${prefix#"$work/root"}|-L$prefix|"
}
same "pkg-config knows the version" \
	"$("$STEELYARD" --version | sed -n '1s/.* //p')" \
	"$(pkg-config --modversion steelyard)"

build() {
	# shellcheck disable=SC2046
	$cc ${SAN_CFLAGS-} -Wall -Wextra -Werror "$SRCDIR/tests/api/$1.c" \
		-o "$work/$1" $(flags)
}
check "the example builds" build advise

public() {
	nm -g --defined-only "$prefix/lib/libsteelyard.a" |
		awk 'NF == 3 && $3 !~ /^(steelyard_|__|_ZTI|\.gomp)/ { print $3 }'
}
same "nothing but the API can be seen in the archive" "" "$(public)"

advise() {
	"$work/advise" "$@" >"$work/out" 2>"$work/err"
	status=$?
}
chatbot=$SRCDIR/scenarios/support-chatbot-100k.yaml

advise "$chatbot" build-vs-buy requests_per_day requests_per_day=200k
same "it runs" 0 "$status"
"$STEELYARD" evaluate "$chatbot" --set requests_per_day=200k --json \
	>"$work/json"
want=$(jq -r '.scenarios[0].tradeoffs[0] | .model as $m | .verdict |
	"\($m): \(.option) (\(.state), P "' "$work/json")
same "with the verdict of the program" "$want" \
	"$(sed -n '1s/[0-9.]*)$//p' "$work/out")"
same "and the digits of its means" \
	"$(jq -r '.scenarios[0].tradeoffs[0].options[] |
		select(.mean) | .mean' "$work/json" | xargs printf '%.6g\n')" \
	"$(sed -n 's/^  [a-z_]* *\([0-9.e+]*\) USD.*/\1/p' "$work/out")"

advise /nowhere.yaml build-vs-buy requests_per_day
same "a missing file is an error with its status" 7 "$status"
check "which names the file" grep -q '/nowhere.yaml' "$work/err"
advise "$chatbot" build-vs-buy requests_per_day no_such_name=1
same "an unknown name is one of usage" 2 "$status"
advise "$chatbot" build-vs-buy requests_per_day requests_per_day=-5
same "a value outside its bounds one of input" 3 "$status"

done_testing
