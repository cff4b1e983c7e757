#!/usr/bin/env bash
# How the program is called: help, names, options, what it says when called
# wrongly.
. "${SRCDIR:-.}/tests/lib.sh"
cd "$work" || exit 99
cp "$SRCDIR"/scenarios/support-chatbot-100k.yaml one.yaml

expect "--help" 0 noerr out 'evaluate FILE' out 'Exit status' -- --help
expect "-h" 0 noerr out 'evaluate FILE' -- -h
expect "--version" 0 noerr out '^steelyard [0-9]+\.[0-9]+\.[0-9]+$' -- --version
for command in evaluate breakeven sensitivity voi explain 'models list' \
	'models show' 'models test' 'models lint' save log show export; do
	# shellcheck disable=SC2086
	expect "$command --help" 0 noerr out "^Usage: steelyard $command" \
		out 'General options' -- $command --help
done
expect "help of an option before the command" 0 out 'Usage: steelyard log' \
	-- --help log

expect "unknown command, near one" 2 noout err "did you mean 'evaluate'" \
	-- evalute x.yaml
expect "unknown command" 2 noout err 'unknown command' -- frobnicate
expect "unknown command of models" 2 noout err 'list, show, test and lint' \
	-- models delete
expect "import says what there is" 2 noout err 'prices, usage, focus' \
	-- import x.csv
expect "store says what there is" 2 noout err 'check, backup, merge' \
	-- store x

expect "unknown option, near one" 2 noout err 'did you mean --samples' \
	-- evaluate --sampels 3 one.yaml
expect "unknown option" 2 noout err 'unknown option --frobnicate' \
	-- evaluate one.yaml --frobnicate
expect "unknown letter" 2 noout err 'unknown option -Z' -- evaluate one.yaml -Z
expect "names are not abbreviated" 2 err 'unknown option --vers' -- --vers
expect "option of another command" 2 noout err 'tape does not go with' \
	-- evaluate one.yaml --tape
expect "value to a flag" 2 err 'takes no value' -- evaluate --point=1 one.yaml
expect "value missing" 2 err 'needs a value' -- evaluate one.yaml --seed
expect "letter without its value" 2 err 'needs a value' -- evaluate one.yaml -o
expect "two formats" 2 err 'exclude each other' \
	-- evaluate one.yaml --csv --point -q --json
expect "several faults are told at once" 2 err 'seed' err 'threads' \
	-- evaluate one.yaml --seed x --threads 0

for bad in NaN inf -1 1.5 1e999 0 '' x 2000000000 0x10 1_000; do
	expect "--samples '$bad'" 2 noout err 'samples' \
		-- evaluate one.yaml --samples "$bad"
done
for bad in NaN -1 1.5 1e999 '' 99999999999999999999; do
	expect "--seed '$bad'" 2 noout err 'seed' -- evaluate one.yaml --seed "$bad"
done
for bad in 0 1 95 NaN x; do
	expect "--confidence '$bad'" 2 noout err 'between 0 and 1' \
		-- evaluate one.yaml --confidence "$bad"
done
expect "--color wrong" 2 err 'auto always never' -- evaluate one.yaml --color red
expect "--sampler wrong" 2 err 'sobol-owen' -- evaluate one.yaml --sampler dice

expect "evaluate without a file" 2 err 'something is missing' -- evaluate
expect "breakeven without a parameter" 2 err 'something is missing' \
	-- breakeven one.yaml build-vs-buy
expect "models show with two" 2 err 'too many words' -- models show a b

expect "off a terminal the screen names evaluate" 2 noout \
	err 'use `steelyard evaluate FILE`' --
same "in one line" 1 "$(grep -c . "$work/err")"
expect "with a scenario, too" 2 noout err 'steelyard evaluate one.yaml' -- one.yaml

expect "options before the command" 0 out 'Build vs buy' -- \
	--point --seed 3 evaluate one.yaml
expect "options behind the file" 0 out 'Build vs buy' -- evaluate one.yaml --point
expect "after -- every word is a word" 7 err '--point.yaml' \
	-- evaluate -- --point.yaml

# An error is one valid JSON document, whatever went wrong.
if command -v jq >/dev/null; then
	for call in 'evaluate --json --frobnicate one.yaml' \
		'evaluate --json nowhere.yaml' 'evaluate --json' \
		'breakeven --json one.yaml build-vs-buy nothing' \
		'frobnicate --json' 'show --json nothing --store /nowhere/s.db'
	do
		# shellcheck disable=SC2086
		steelyard $call
		check "one document: $call" jq -es 'length == 1 and
			(.[0] | .ok == false and (.error.message | length > 0))' \
			"$work/out"
	done
else
	skip "errors as JSON" "jq is not here"
fi
done_testing
