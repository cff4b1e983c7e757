#!/usr/bin/env bash
# sensitivity and voi: what moves the advice, what is worth measuring.
. "${SRCDIR:-.}/tests/lib.sh"
cd "$work" || exit 99
cp "$SRCDIR"/scenarios/support-chatbot-100k.yaml one.yaml
few='--samples 2048'

lacks() {
	! grep -q -- "$1" "$2"
}

expect "what moves the advice" 0 noerr out 'What moves the advice' \
	out 'Ways to choose' out 'risk tolerance' -- \
	sensitivity one.yaml build-vs-buy $few
expect "central values" 0 noerr out 'alone' -- \
	sensitivity --point one.yaml build-vs-buy
expect "what to measure" 0 noerr out 'Measure first: ' out 'from noise' -- \
	voi one.yaml build-vs-buy $few
expect "one parameter" 0 noerr out '[Nn]one of these' -- \
	voi one.yaml build-vs-buy discount_rate
expect "a risk tolerance of one's own" 0 out 'tolerance 5M' -- \
	voi one.yaml build-vs-buy --risk-tolerance 5M $few
expect "a model that is not there" 2 err 'chess' -- voi one.yaml chess $few
expect "a parameter that is not there" 2 err "'nothing'" -- \
	sensitivity one.yaml build-vs-buy nothing $few
expect "total indices and rank correlations" 0 noerr \
	out 'Shares of the variance' out 'total' out 'rank corr' -- \
	sensitivity one.yaml build-vs-buy --total --prcc $few
steelyard sensitivity one.yaml build-vs-buy $few
check "nothing asked, nothing told" lacks 'Shares of' "$work/out"
printf '%s\n' 'scenario: c' 'workload: {requests_per_day: 80k to 120k}' \
	'correlate: [[requests_per_day, peak_to_mean, -0.5]]' \
	'build-vs-buy: {}' >tied.yaml
expect "no total index where inputs are correlated" 2 err 'ask for --shapley' \
	-- sensitivity tied.yaml build-vs-buy --total $few
expect "Shapley effects there" 0 noerr out 'Shapley' -- \
	sensitivity tied.yaml build-vs-buy --shapley $few
check "they do not overlap" lacks overlaps "$work/out"
expect "shares that overlap are told" 0 noerr out 'overlaps' -- \
	sensitivity tied.yaml build-vs-buy $few
steelyard sensitivity one.yaml build-vs-buy --csv --total $few
check "one row a parameter" grep -q '^"support.*,"discount_rate",' "$work/out"
expect "when to switch and back" 0 noerr out 'When to switch, and back' \
	out 'back below' -- evaluate one.yaml $few
expect "why, and what moves it" 0 noerr out 'moved by' out 'assumption' -- \
	explain one.yaml build-vs-buy switch_at
expect "what is too dear for draws is explained at the centre" 0 noerr \
	out 'switch_value.* = ' -- explain one.yaml build-vs-buy switch_value
expect "no shares without draws" 2 err 'leave --point out' -- \
	sensitivity one.yaml build-vs-buy --total --point
expect "no model" 2 err 'something is missing' -- voi one.yaml
expect "a tolerance of nothing" 2 err 'above 0' -- \
	voi one.yaml build-vs-buy --risk-tolerance 0
expect "one draw decides nothing" 0 out 'too few' -- \
	evaluate one.yaml --samples 1
# groups and studies
cat >mine.yaml <<'YAML'
model: mine
title: A wager
question: Take it?
version: 1
horizon: 12 month
options: {wait: {title: Wait}, act: {title: Act}}
parameters:
  a: {unit: USD, value: "normal(0.5, 1)"}
  b: {unit: USD, value: "normal(0, 2)"}
formulas: {gain: "if(is(act), a + b, 0 USD)"}
decision: {maximise: gain, incumbent: wait}
studies:
  look: {title: Look twice, observe: {normal_mean: {of: a, sd: 2 USD, n: runs}},
         n: {from: 1, to: 1000}, cost: 0.001 USD * n, takes: 1 month}
  dear: {observe: {normal_mean: {of: b, sd: 2 USD, n: n}},
         n: {from: 1, to: 9}, cost: 5 USD * n}
YAML
printf 'scenario: w\nmodel_files: [mine.yaml]\nmine: {}\n' >w.yaml
sed 's/of: a,/of: c,/' mine.yaml >bad.yaml
printf 'scenario: w\nmodel_files: [bad.yaml]\nmine: {}\n' >wbad.yaml
expect "studies, the best first" 0 noerr out 'Look twice: best with' \
	out 'does not pay at any size' out 'not counted' -- \
	voi w.yaml mine $few
expect "one study by size" 0 noerr out '  best$' out 'runs' -- \
	voi w.yaml mine --study look $few
expect "one size" 0 noerr out 'with 10 runs' -- \
	voi w.yaml mine --study look --n 10 $few
expect "a group" 0 noerr out 'Together a; b' -- \
	voi w.yaml mine --group a,b $few
expect "a group of a stranger" 2 err "'c'" -- \
	voi w.yaml mine --group a,c $few
expect "an empty word in a group" 2 err "''" -- \
	voi w.yaml mine --group a, $few
expect "a study that is not there" 2 err "no study 'x'" err 'there are: look' -- \
	voi w.yaml mine --study x $few
expect "a study of a parameter that is not there" 3 \
	err 'bad.yaml:[0-9]*:[0-9]*: .*`c`' -- voi wbad.yaml mine $few
expect "a size of nothing" 2 err 'whole number' -- \
	voi w.yaml mine --study look --n 0 $few
expect "a size out of range" 2 err 'from 1 to 1000, not 2000' -- \
	voi w.yaml mine --study look --n 2000 $few
expect "a size of no study" 2 err 'name it by --study' -- \
	voi w.yaml mine --n 20 $few
expect "no draws" 2 err 'from 1 to' -- voi w.yaml mine --samples 0
expect "one draw" 0 out 'too few' -- voi w.yaml mine --samples 1
expect "a billion draws" 6 err 'GB of memory' -- \
	voi w.yaml mine --samples 1e9
{
	sed '/^  b:/q' mine.yaml
	for ((i = 0; i < 10000; i++)); do
		echo "  p$i: {unit: USD, value: \"normal(0, 1)\"}"
	done
	sed '1,/^  b:/d' mine.yaml
} >many.yaml
printf 'scenario: w\nmodel_files: [many.yaml]\nmine: {}\n' >wmany.yaml
expect "ten thousand parameters" 6 err 'at most|are possible' -- \
	voi wmany.yaml mine $few

if command -v jq >/dev/null; then
	steelyard voi w.yaml mine --json --group b,a $few
	check "the document of studies" jq -e '
		.voi as $v | ($v.groups[0].value == $v.evpi) and
		all($v.studies[]; .perfect as $p |
			all(.sizes[]; .evsi >= 0 and .evsi <= $p)) and
		($v.studies[0].study == "look") and
		($v.studies[0].delay == null) and
		($v.studies[0].delay_reason | test("not counted"))' "$work/out"
	cp "$work/out" studies
	steelyard voi w.yaml mine --json --group b,a $few --threads 1
	check "studies by one thread, the same bytes" cmp studies "$work/out"
	steelyard sensitivity one.yaml build-vs-buy --json $few
	check "the document of sensitivity" jq -e '
		.schema == "steelyard.sensitivity/1" and .ok and
		(.criteria | length) == 7 and
		all(.sensitivity[]; .first_order >= 0 and .first_order <= 1)
		' "$work/out"
	steelyard sensitivity one.yaml build-vs-buy --json $few --total \
		--shapley --prcc --threads 1
	cp "$work/out" first
	check "shares are never negative" jq -e '
		all(.sensitivity[]; .total >= 0 and .shapley >= 0) and
		any(.sensitivity[]; .prcc < 0)' first
	steelyard sensitivity one.yaml build-vs-buy --json $few --total \
		--shapley --prcc --threads 2
	check "two threads, the same shares" cmp first "$work/out"
	steelyard explain one.yaml build-vs-buy 'objective[self_host]' --json \
		--depth 6
	check "what moves a figure" jq -e '
		[.. | objects | select(has("moves")) | .moves] |
		length > 10 and all(.[][]; .share > 0 and .share <= 1) and
		all(.[]; [.[].share] | . == (sort | reverse))' "$work/out"
	steelyard voi one.yaml build-vs-buy --json $few --threads 1
	cp "$work/out" first
	check "the document of voi" jq -e '
		.schema == "steelyard.voi/1" and .ok and
		(.voi.evpi as $most |
		all(.voi.evppi[]; .value >= 0 and .value <= $most)) and
		([.voi.evppi[].value] | . == (sort | reverse))' first
	steelyard voi one.yaml build-vs-buy --json $few --threads 2
	check "two threads, the same bytes" cmp first "$work/out"
	steelyard voi one.yaml chess --json
	check "an error is a document" jq -e \
		'.schema == "steelyard.voi/1" and (.ok | not)' "$work/out"
	# A gate that passes everything costs what no gate does: a tie, no flip.
	cat >gate.yaml <<-'END'
		scenario: gate
		workload: {requests_per_day: 35k, input_tok: 2k, output_tok: 300}
		automation-vs-oversight: {}
	END
	steelyard sensitivity gate.yaml automation-vs-oversight --json $few
	check "two options at one price do not flip the advice" jq -e \
		'[.sensitivity[] |
		  select(.swing_low == 0 or .swing_high == 0)] |
		  length > 0 and all(.flips | not)' "$work/out"
else
	skip "JSON documents" "jq is not here"
fi
done_testing
