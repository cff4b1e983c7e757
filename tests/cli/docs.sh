#!/usr/bin/env bash
# The manual is what the tables say.
. "${SRCDIR:-.}/tests/lib.sh"
cd "$SRCDIR" || exit 99

# generated NAME FILE
generated() {
	"$STEELYARD" --print-docs="$1" | diff - "$2" ||
		{ echo "run make docs"; return 1; }
}

check "docs/cli.md is up to date" generated markdown docs/cli.md
check "docs/steelyard.1 is up to date" generated man docs/steelyard.1
if command -v man >/dev/null; then
	check "the man page has no errors" test -z \
		"$(man -l --warnings docs/steelyard.1 2>&1 >/dev/null)"
else
	skip "the man page has no errors" "man is not here"
fi
same "no line of the help is wider than 80" 0 \
	"$("$STEELYARD" --help | awk 'length($0) > 80' | grep -c .)"
done_testing
