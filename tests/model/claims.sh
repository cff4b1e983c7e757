#!/usr/bin/env bash
# The tables in these pages stand between markers
#
#     <!-- figures: scenarios/NAME.yaml -->    ... <!-- end -->
#     <!-- parameters: MODEL -->               ... <!-- end -->
#     <!-- language -->                        ... <!-- end -->
#
# and are what the program prints today.  `tests/model/claims.sh --write` brings
# the pages up to date; without it the test compares.
. "${SRCDIR:-.}/tests/lib.sh"
cd "$SRCDIR" || exit 99

# One line an option: recommended, mean, 90 % interval, P(best), rounded so far
# that another floating-point class prints the same.
figures() {
	echo
	echo '| option | cost, P5 | mean | P95 | P(best) | advice |'
	echo '|---|---:|---:|---:|---:|---|'
	"$STEELYARD" evaluate --csv "$1" | tr -d '"\r' | awk -F, '
	function human(v) {
		if (v == "") return "-"
		if (v >= 1e6) return sprintf("%.1fM", v / 1e6)
		if (v >= 1e4) return sprintf("%.0fk", v / 1e3)
		return sprintf("%.0f", v)
	}
	NR == 1 { for (i = 1; i <= NF; i++) col[$i] = i; next }
	{
		p = $col["probability_best"]
		printf "| %s | %s | %s | %s | %s | %s |\n", $col["title"],
		       human($col["p5"]), human($col["mean"]),
		       human($col["p95"]), sprintf("%.2f", p),
		       $col["status"] != "ok" ? $col["status"] \
		       : $col["recommended"] == "yes" ? "take it" : ""
	}'
	echo
}

parameters() {
	echo
	"$STEELYARD" models show "$1" --markdown
	echo
}

# The page with what stands between its markers made anew.
renew() {
	local line
	while IFS= read -r line; do
		case $line in
		'<!-- figures: '*' -->')
			printf '%s\n' "$line"
			line=${line#<!-- figures: }
			figures "${line% -->}"
			skipping=yes ;;
		'<!-- parameters: '*' -->')
			printf '%s\n' "$line"
			line=${line#<!-- parameters: }
			parameters "${line% -->}"
			skipping=yes ;;
		'<!-- language -->')
			printf '%s\n\n' "$line"
			"$STEELYARD" --print-docs=language
			echo
			skipping=yes ;;
		'<!-- end -->')
			printf '%s\n' "$line"
			skipping= ;;
		*)
			[ -n "${skipping-}" ] || printf '%s\n' "$line" ;;
		esac
	done <"$1"
}

for page in docs/claims.md docs/language.md docs/models/*.md; do
	renew "$page" >"$work/page"
	if [ "${1-}" = --write ]; then
		cp "$work/page" "$page"
	elif why=$(diff "$page" "$work/page"); then
		pass "$page is what the program prints"
	else
		fail "$page is what the program prints" "$why"
	fi
done
[ "${1-}" = --write ] || done_testing
