#!/usr/bin/env bash
# The tables in these pages stand between markers and are what the program
# answers today:
#
#     <!-- figures: FILE [MODEL] -->           each option, with its spread
#     <!-- tips: FILE MODEL PARAMETER -->      where the advice changes
#     <!-- rules: FILE MODEL -->               rules that apply, and their price
#     <!-- worth: FILE MODEL; ... -->          what knowing more is worth
#     <!-- plan: FILE -->                      the joint choice
#     <!-- cases: FILE MODEL | COLUMN; ... | CASE; ... -->
#         central values, a line a case: `P=V & P=V`, or `as stated`; a column
#         is OUTPUT@OPTION (`cost` for the objective), or OUTPUT of the advised
#     <!-- examples: MODEL | NAME; ... | EXPRESSION; ... -->
#         values of the model's reference cases, which `models test` holds
#     <!-- parameters: MODEL -->  <!-- language -->
#     <!-- end -->
#
# `tests/model/claims.sh --write` brings the pages up to date; without it the
# test compares.
. "${SRCDIR:-.}/tests/lib.sh"
cd "$SRCDIR" || exit 99

if ! command -v jq >/dev/null; then
	skip "the tables of the pages" "jq is not here"
	done_testing
fi

table() {
	jq -r 'include "tables"; '"$1" -L tests/model "${@:2}"
}

# evaluated FILE: its answers, asked once.
evaluated() {
	local kept=$work/${1//\//-}.json
	[ -e "$kept" ] || "$STEELYARD" evaluate --json "$1" >"$kept"
	echo "$kept"
}

# split NAME TEXT: the array NAME, of what stands between semicolons.
split() {
	local -n into=$1
	mapfile -t into < <(tr ';' '\n' <<<"$2" | sed 's/^ *//; s/ *$//')
}

figures() {
	table 'options($m)' --arg m "${2-}" "$(evaluated "$1")"
}

tips() {
	table 'tips($m; $p)' --arg m "$2" --arg p "$3" "$(evaluated "$1")"
}

rules() {
	table 'rules($m)' --arg m "$2" "$(evaluated "$1")"
}

worth() {
	local each pairs
	split pairs "$*"
	table '["scenario", "P(best)", "badge", "all is worth, USD",
		"worth most (USD)"] | head' -n
	for each in "${pairs[@]}"; do
		set -- $each
		table '[$f] + worth($m) | row' --arg m "$2" \
			--arg f "$(basename "$1" .yaml)" "$(evaluated "$1")"
	done
}

cases() {
	local file model columns lines line sets set arg
	IFS='|' read -r file columns lines <<<"$*"
	read -r file model <<<"$file"
	split lines "$lines"
	arg=$(tr -d ' ' <<<"$columns")
	table '["case"] + [$c / ";" | .[] | "`\(.)`"] + ["advice"] | head' \
		-n --arg c "$arg"
	for line in "${lines[@]}"; do
		split sets "$([ "$line" = 'as stated' ] || tr '&' ';' <<<"$line")"
		set --
		for set in "${sets[@]}"; do
			[ -z "$set" ] || set -- "$@" --set "$set"
		done
		"$STEELYARD" evaluate --point --json "$file" "$@" |
			table '[$l] + case($m; $c / ";") | row' --arg m "$model" \
			--arg c "$arg" --arg l "$line"
	done
}

examples() {
	local model names exprs
	IFS='|' read -r model names exprs <<<"$*"
	[ -e "$work/examples" ] ||
		"$STEELYARD" models test --json >"$work/examples"
	split names "$names"
	split exprs "$exprs"
	table 'examples($m; $n / "\n"; $e / "\n")' \
		--arg m "${model// /}" --arg n "$(printf '%s\n' "${names[@]}")" \
		--arg e "$(printf '%s\n' "${exprs[@]}")" "$work/examples"
}

parameters() {
	"$STEELYARD" models show "$1" --markdown
}

language() {
	"$STEELYARD" --print-docs=language
}

plan() {
	"$STEELYARD" plan --samples 4096 --json "$1" | table plan
}

# The page with what stands between its markers made anew.
renew() {
	local line what
	while IFS= read -r line; do
		case $line in
		'<!-- end -->')
			printf '%s\n' "$line"
			skipping= ;;
		'<!-- '*' -->')
			what=${line#<!-- }
			what=${what% -->}
			printf '%s\n\n' "$line"
			set -f
			case ${what%%:*} in
			cases | examples | worth) ${what%%:*} "${what#*: }" ;;
			*) ${what%%:*} $([ "$what" = language ] ||
				echo "${what#*: }") ;;
			esac
			set +f
			echo
			skipping=yes ;;
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
