#!/usr/bin/env bash
# Tables of scores as people have them, and what else may be wrong with a review:
# a reason or a refusal, never a number that looks fine.
. "${SRCDIR:-.}/tests/lib.sh"
cd "$work" || exit 99

# scenario NAME PARAMETERS [TABLE]
scenario() {
	{
		echo "scenario: $1"
		echo "automation-vs-oversight:"
		echo "  parameters: {$2}"
		[ -z "${3-}" ] || echo "  tables: {scores: $3}"
	} >"$1.yaml"
}

# verdict FILE: state, option, and the reasons of the first option
verdict() {
	"$STEELYARD" evaluate --point --json "$1" | jq -r '
		.scenarios[0].tradeoffs[0]
		| [.verdict.state, .verdict.option // "-",
		   ([.options[0].reasons[]] | join(" "))] | join(" ")'
}

printf 'score,correct\n0.2,yes\n0.9,yes\n' >one.csv
printf 'score,correct\n0.2,no\n0.9,no\n' >wrong.csv
for name in one wrong; do
	scenario $name 'p_severe: 0' $name.csv
	same "a table of one class ($name) decides nothing" \
		'infeasible - one_class_in_table' "$(verdict $name.yaml)"
done

printf 'score,correct\n' >empty.csv
printf 'score,correct\n0.5,yes\n1.2,no\n' >out.csv
printf 'score,correct\n0.5,yes\n-0.1,no\n' >below.csv
printf 'score,correct\nhigh,yes\n,no\n' >junk.csv
printf 'score\n0.5\n' >column.csv
refused() {
	scenario "$1" 'p_severe: 0' "$1.csv"
	expect "$2" 3 err "$3" -- evaluate "$1.yaml"
}
refused empty 'a table without rows' 'empty.csv: has no rows'
refused out 'a score above 1' 'out.csv:3:1: `score`: 1.2 lies outside'
refused below 'a score below 0' 'below.csv:3:1: `score`: -0.1 lies outside'
refused junk 'a score that is a word' 'junk.csv:2:1: `score`: `high` is no number'
refused junk 'an empty cell' 'junk.csv:3:1: `score` is empty'
refused column 'a column that is not there' 'no column `correct`'

# Order and ties: the rows mixed, equal scores with their truths swapped.
{
	echo score,correct
	for i in 1 2 3 4 5 6 7 8 9; do
		printf '0.%d,no\n0.%d,yes\n0.9%d,yes\n' $i $i $i
	done
} >sorted.csv
{ head -n 1 sorted.csv; tail -n +2 sorted.csv | sort -t, -k2,2r -k1,1; } >mixed.csv
for name in sorted mixed; do
	scenario $name 'cost_per_error@ordinary: 30' $name.csv
	"$STEELYARD" evaluate --point --json $name.yaml |
		jq -c '[.scenarios[0].tradeoffs[0].options[]
		        | .value, .outputs.threshold.value]' >$name.json
done
same 'the order of the rows changes no digit' "$(cat sorted.json)" \
	"$(cat mixed.json)"

scenario high 'stakes: high'
same 'high stakes and nobody measured what reviews catch: nothing counts' \
	'infeasible - human_before_effect' "$(verdict high.yaml)"
scenario seeded 'stakes: high, seeded_n: 200, seeded_caught: 165'
same 'once measured, a person signs' 'stable full_signoff' \
	"$(verdict seeded.yaml | cut -d' ' -f1,2)"
scenario weak 'stakes: high, seeded_n: 200, seeded_caught: 90'
same 'measured and weak: the lower bound, 0.39, is below 0.5' infeasible \
	"$(verdict weak.yaml | cut -d' ' -f1)"
scenario prohibited 'stakes: prohibited'
same 'a prohibited use' 'infeasible - prohibited' "$(verdict prohibited.yaml)"
scenario shares 'share: {ordinary: 0.5, large: 0.2}'
same 'classes that are not the whole' 'infeasible - shares_do_not_add_up' \
	"$(verdict shares.yaml)"

# One reviewer for three million items a month.
scenario team 'reviewers: 1'
"$STEELYARD" evaluate --point --json team.yaml >team.json
same 'a team that cannot sign everything' reviewers_overloaded \
	"$(jq -r '.scenarios[0].tradeoffs[0].options[]
	          | select(.name == "full_signoff") | .reasons[0]' team.json)"
same 'its gate lets more pass instead' ok \
	"$(jq -r '.scenarios[0].tradeoffs[0].options[]
	          | select(.name == "gate") | .status' team.json)"
scenario none 'reviewers: -1'
expect 'fewer than no reviewers' 3 err 'bounds broken' -- evaluate none.yaml

scenario months 'p_severe: 0'
sed -i '1a horizon: 0 month' months.yaml
expect 'a horizon of no month' 3 err 'horizon must be' -- evaluate months.yaml
sed -i 's/^horizon.*/horizon: 600 month/' months.yaml
expect 'a horizon of 50 years' 0 noerr out '600 months' \
	-- evaluate --point months.yaml
done_testing
