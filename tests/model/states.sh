#!/usr/bin/env bash
# Bad and extreme input of the two models of data and upkeep: a state with its
# reason, or a message with its place; never a number that looks fine.
. "${SRCDIR:-.}/tests/lib.sh"
cd "$work" || exit 99

# scenario MODEL LINE...: the file s.yaml about one model
scenario() {
	printf 'scenario: s\n%s:\n  parameters:\n' "$1" >s.yaml
	shift
	printf '    %s\n' "$@" >>s.yaml
}

# reason NAME OPTION WANTED: OPTION is infeasible, and says why
reason() {
	local got
	got=$("$STEELYARD" evaluate --point --json s.yaml |
		jq -r --arg o "$2" '.scenarios[0].tradeoffs[0].options[]
			| select(.name == $o) | .status + " " + .reasons[0]')
	if [ "$got" = "infeasible $3" ]; then
		pass "$1"
	else
		fail "$1" "$2 is: $got"
	fi
}

scenario complexity-vs-maintainability \
	'owners: {simple: 2, complex: 0, ensemble: 2}'
reason 'nobody owns it' complex nobody_owns_it
expect 'and the others can be taken' 0 noerr out 'needs 2 owners' \
	-- evaluate --point s.yaml
scenario complexity-vs-maintainability 'retrain_per_month: 0'
expect 'a model that is never retrained' 3 err 's.yaml:4:.*bounds' \
	-- evaluate s.yaml
scenario complexity-vs-maintainability 'reorg_py: 1'
expect 'a team that is certain to go' 3 err 's.yaml:4:.*bounds' \
	-- evaluate s.yaml

scenario quantity-vs-quality 'eta_base: 0.6'
reason 'labels worse than guessing' nothing base_noise_above_chance
scenario quantity-vs-quality 'n_classes: 10' 'eta_base: 0.6'
expect 'which with ten classes they are not' 0 noerr out '> ' \
	-- evaluate --point s.yaml
scenario quantity-vs-quality 'tranche_cleared: no'
expect 'a tranche that is not cleared' 0 noerr out 'barred' \
	-- evaluate --point s.yaml

# pilot ROW...: a table of sizes, errors, tested items
pilot() {
	printf 'size,error,tested\n' >pilot.csv
	printf '%s\n' "$@" >>pilot.csv
}
scenario quantity-vs-quality 'n_base: 9000'
printf '  tables: {pilot: {file: pilot.csv}}\n' >>s.yaml
pilot 1000,0.1,500 2000,0.12,500 4000,0.13,500 8000,0.15,500
reason 'a pilot that rises' collect pilot_curve_rises
pilot 1000,0.2,500 2000,0.17,500
reason 'a pilot of two sizes' collect pilot_too_small
pilot 1000,0.2,500 2000,0.17,500 4000,0.15,500 8000,0.13,500
expect 'a pilot of four sizes' 0 noerr out '> ' -- evaluate --point s.yaml
pilot 1000,1.2,500
expect 'an error above one' 3 err 'pilot.csv:2' -- evaluate s.yaml
pilot
expect 'a pilot without rows' 3 err 'pilot.csv' -- evaluate s.yaml

for months in 1 600; do
	printf 'scenario: s\nhorizon: %s month\n' "$months" >s.yaml
	printf 'complexity-vs-maintainability:\n' >>s.yaml
	printf 'quantity-vs-quality:\n' >>s.yaml
	if "$STEELYARD" evaluate --point --json s.yaml |
	    jq -e '.scenarios[0].tradeoffs | length == 2 and
		([.. | numbers] | all(. < 1e30 and . > -1e30))' >/dev/null
	then
		pass "a horizon of $months months"
	else
		fail "a horizon of $months months" 'no number may be so large'
	fi
done
sed -i 's/600/0/' s.yaml
expect 'a horizon of no month' 3 err 's.yaml:2:' -- evaluate s.yaml
done_testing
