#!/usr/bin/env bash
# The rules of the house that a reader would otherwise have to look for.
. "${SRCDIR:-.}/tests/lib.sh"
cd "$SRCDIR" || exit 99

tree() {
	find src tests models scenarios docs include .ci bootstrap configure.ac \
		Makefile.am README.md -type f 2>/dev/null |
		grep -vE '\.(o|a|log|trs)$|/\.|^src/expr/(parse|lex)\.[ch]$' | sort
}

c_files() {
	tree | grep -E "$1" | grep -E '\.(c|h|y|l|inc|def)$'
}

# none COMMAND...: succeeds when the command prints nothing.
none() {
	local said
	said=$("$@")
	[ -z "$said" ] || { printf '%s\n' "$said"; return 1; }
}

includes() {
	c_files '^src/' | xargs awk -f tests/lint/includes.awk
}

# The graph check itself must be able to fail.
includes_selftest() {
	mkdir -p "$work/src/yaml" "$work/src/report" "$work/src/extra"
	echo '#include "model/model.h"' >"$work/src/yaml/a.c"
	printf '#include "engine/engine.h"\n#include <sqlite3.h>\n' \
		>"$work/src/report/b.c"
	echo '#include "base/buf.h"' >"$work/src/extra/c.c"
	(cd "$work" && awk -f "$SRCDIR/tests/lint/includes.awk" \
		src/yaml/a.c src/report/b.c src/extra/c.c) | grep -c .
}

banned_calls() {
	c_files '^src/|^tests/' | grep -v '^src/base/banned\.h$' | xargs grep -nE \
		'\b(strcpy|strcat|strncpy|strncat|v?sprintf|gets|ato[ifl]|atoll|strtok|alloca)[[:space:]]*\('
}

long_files() {
	c_files '^src/|^tests/' | grep -vE '\.inc$' | xargs wc -l |
		awk '$2 != "total" && $1 > 800 { print $2 ": " $1 " lines" }'
}

# A word that says "not finished" has no place in a finished file.
leftover_words() {
	tree | grep -v '^tests/lint/lint\.sh$' | xargs grep -nwE \
		'TO[D]O|FIX[M]E|X[X]X|HA[C]K|[Ss]tu[b]s?|not (yet )?implemen[t]ed'
}

foreign_paths() {
	tree | grep -v '^tests/lint/lint\.sh$' |
		xargs grep -nE '(^|[^a-z])/wor[k]/|/tmp/tea[m]|\bhelpe[r]s?\b'
}

top_level() {
	local allowed='^(src|models|include|scenarios|tests|docs|configure\.ac|Makefile\.am|README\.md|LICENSE|bootstrap|\.ci|\.gitignore|\.clang-format|\.editorconfig)$'
	# What a build or a tarball adds, all of it ignored by git.
	local made='^(\.git|\.aux|configure~?|aclocal\.m4|autom4te\.cache|autoreconf\.log|Makefile(\.in)?|config\.(status|log)|build|steelyard(-.*)?|.*\.(a|log|trs))$'
	ls -A | grep -vE "$allowed|$made"
}

# A formula that does not fit on a line wants a name for its parts.
wide_formulas() {
	awk '/^[a-z]/ { formulas = /^(formulas|money|functions|decision):/ }
		formulas && length($0) > 100 {
			printf "%s:%d: %d columns\n", FILENAME, FNR, length($0)
		}' models/*.yaml
}

wide_sources() {
	c_files '^src/' | grep -vE '\.inc$' | while read -r f; do
		expand "$f" | awk -v f="$f" \
			'length($0) > 100 { printf "%s:%d: %d columns\n", f, FNR, length($0) }'
	done
}

spaces() {
	c_files '^src/|^tests/' | xargs grep -nE '[[:space:]]+$'
}

headers() {
	find src include -name '*.h' | sort | xargs awk -f tests/lint/headers.awk
}

source_list() {
	diff <(tests/lint/sources) src/sources.am >"$work/diff" ||
		{ cat "$work/diff"; echo "run tests/lint/sources --write"; }
}

stale_names() {
	# A file that is listed and gone would only show in a fresh copy.
	grep -oE '(src|tests|models|scenarios|docs|include)/[^ \\]+' \
		src/sources.am | while read -r f; do
		[ -e "$f" ] || [ -e "$f.c" ] || echo "$f"
	done
}

scripts_parse() {
	local f
	for f in bootstrap .ci/run $(find tests -name '*.sh'); do
		bash -n "$f" 2>&1
	done
}

check "the include graph keeps to the layers" none includes
same "the graph check finds four breaches in a broken tree" 4 \
	"$(includes_selftest)"
check "no banned calls" none banned_calls
check "no file over 800 lines" none long_files
check "no leftover words" none leftover_words
check "no foreign paths" none foreign_paths
check "nothing else stands at the top" none top_level
check "formulas keep to 100 columns" none wide_formulas
check "sources keep to 100 columns" none wide_sources
check "no trailing blanks" none spaces
check "headers are manuals" none headers
check "src/sources.am matches the tree" none source_list
check "nothing listed is gone" none stale_names
check "shell scripts parse" none scripts_parse
done_testing
