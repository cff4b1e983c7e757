#!/usr/bin/env bash
# What the program writes with --json, held against docs/schemas.
. "${SRCDIR:-.}/tests/lib.sh"
cd "$work" || exit 99
tool=$BUILDDIR/tests/cli/schema_check
few='--samples 1024'
at=$SRCDIR/scenarios

if [ ! -x "$tool" ]; then
	skip "documents and their schemas" "schema_check is not built"
	done_testing
fi

# document NAME SCHEMA STATUS ARGUMENT...: one case, one document.
document() {
	local name=$1 schema=$2 want=$3 why=
	shift 3
	steelyard "$@" --json
	[ "$status" = "$want" ] || why="exit status $status, wanted $want; "
	why+=$(sound; "$tool" "$schema" out 2>&1)
	if [ -z "$why" ]; then
		pass "$name"
	else
		fail "$name" "$why
$(head -c 500 err)"
	fi
}

# refused NAME SCHEMA FILTER: the document `good`, made wrong by jq.
refused() {
	jq "$3" good >bad || { fail "$1" "jq cannot: $3"; return; }
	"$tool" "$2" bad 2>why
	same "$1" 1 $?
}

for path in "$at"/*.yaml; do
	one=$(basename "$path" .yaml)
	document "$one" evaluation-1 0 evaluate "$path" $few
	document "$one at central values" evaluation-1 0 \
		evaluate --point "$path"
	document "plan of $one" plan-1 0 plan "$path" $few
	grep -q '^build-vs-buy:' "$path" || continue
	document "breakeven of $one" breakeven-1 0 breakeven "$path" \
		build-vs-buy requests_per_day $few
	document "map of $one" breakeven-1 0 breakeven "$path" \
		build-vs-buy requests_per_day --versus gpu_hour_price --point
	document "explain of $one" explanation-1 0 explain "$path" \
		build-vs-buy objective $few
	document "sensitivity of $one" sensitivity-1 0 sensitivity "$path" \
		build-vs-buy $few
	document "voi of $one" voi-1 0 voi "$path" build-vs-buy $few
done

# A sweep is lines: each a document of its own.
cp "$at"/support-chatbot-100k.yaml one.yaml
steelyard sweep one.yaml --json $few --vary requests_per_day=1k,-1
sed -n 1p out >line
check "the head of a sweep" "$tool" sweep-1 line
for n in 2 3; do
	sed -n ${n}p out >line
	check "line $n of a sweep" "$tool" sweep-case-1 line
done
document "a comparison" comparison-1 0 compare one.yaml \
	"$at/support-chatbot-1m.yaml" --point
document "a difference" comparison-1 0 diff one.yaml \
	"$at/data-stays-home.yaml" --point
document "a decision" decision-1 0 decide one.yaml build-vs-buy api_open $few \
	--by Ada --review 2027-01-01 --store decisions.db
document "one that is barred" decision-1 1 decide \
	"$at/data-stays-home.yaml" build-vs-buy api_open $few --store decisions.db
document "an accepted one" decision-1 0 accept D1 --store decisions.db
document "a map with its draws" breakeven-1 0 breakeven \
	"$at/support-chatbot-100k.yaml" build-vs-buy requests_per_day \
	--versus gpu_hour_price --samples 64
document "a goal" breakeven-1 0 breakeven \
	"$at/support-chatbot-100k.yaml" build-vs-buy requests_per_day \
	--goal objective=2M --samples 64
document "what was measured" actual-1 0 actual support-chatbot-100k \
	requests_per_day 90k --store decisions.db
document "what still holds" check-1 0 check --all $few --store decisions.db
document "what a scenario expects" check-1 0 check one.yaml $few
document "doctor" doctor-1 0 doctor

cp "$at"/support-chatbot-100k.yaml one.yaml
printf 'score,correct\n0.9,1\n0.8,0\n0.7,1\n' >scores.csv
document "an import" import-1 0 import scores scores.csv
document "two scenarios" evaluation-1 0 evaluate one.yaml \
	"$at/data-stays-home.yaml" $few
document "one draw" evaluation-1 0 evaluate one.yaml --samples 1
document "the greatest seed" evaluation-1 0 evaluate one.yaml $few \
	--seed 9223372036854775807
for point in '' --point; do
	document "breakeven of a price $point" breakeven-1 0 breakeven $point \
		one.yaml build-vs-buy gpu_hour_price $few
	document "explain of an output $point" explanation-1 0 explain $point \
		one.yaml build-vs-buy 'monthly[self_host]' $few
	document "sensitivity to a price $point" sensitivity-1 0 sensitivity \
		$point one.yaml build-vs-buy gpu_hour_price $few
done
document "a plan at central values" plan-1 0 plan --point one.yaml
document "voi of a group and of studies" voi-1 0 voi \
	"$at"/nightly-catalogue.yaml throughput-vs-latency $few \
	--group input_tok,output_tok
document "voi of one parameter" voi-1 0 voi one.yaml build-vs-buy \
	discount_rate $few

# A verdict of every kind, from a model that is made for it.
cat >ends.yaml <<'EOF'
model: ends
title: Every end that a verdict can have
question: Left or right?
version: 1
horizon: 12 month
options:
  left: {title: Left}
  right: {title: Right}
parameters:
  left_cost: {title: Left, unit: USD/month, value: 10, bounds: [0, 1e9]}
  right_cost: {title: Right, unit: USD/month, value: 12, bounds: [0, 1e9]}
  need: {title: Need, unit: request, value: 5, bounds: [0, 1e9]}
  rate: {title: Rate, unit: 1/year, value: 0}
  closed: {title: Closed, type: boolean, value: false}
formulas:
  cost: if(is(left), left_cost, right_cost)
money:
  running: {account: staff, monthly: cost}
decision:
  minimise: npv(sum_money(monthly), rate)
  incumbent: left
  indifferent_below: 1 USD
  break_even: [left_cost, need]
requires:
  - {reason: too_much, when: "need > 10 [request]", remedy: "less than {need}"}
constraints:
  - {id: shut, title: Shut, when: closed, allow: "need > 100 [request]"}
outputs:
  due: {value: "solve(x, 0, 8, x - need / 1 [request])", title: Due}
EOF
cat >ends-here.yaml <<'EOF'
scenario: ends
model_files: [ends.yaml]
ends:
  parameters: {}
EOF

# ends NAME STATE ARGUMENT...: sampled, with that state, and at central values.
ends() {
	local name=$1 state=$2
	shift 2
	document "$name" evaluation-1 0 evaluate ends-here.yaml $few "$@"
	check "$name: $state" grep -q "\"state\": \"$state\"" out
	document "$name, central" evaluation-1 0 evaluate --point \
		ends-here.yaml "$@"
}

ends "a clear lead" stable
ends "no difference" tied --set left_cost=12
ends "too few draws" undecided --set left_cost='6 to 19' --samples 1
ends "no option can be taken" infeasible --set need=20
ends "in many draws no option can be taken" infeasible --set need='1 to 30'
ends "no option may be taken" infeasible --set closed=true
document "beyond a break-even nothing can be taken" breakeven-1 0 \
	breakeven ends-here.yaml ends need $few
document "nothing can be taken, wherever it stands" breakeven-1 0 \
	breakeven ends-here.yaml ends left_cost --set need=20 $few
document "swings where nothing can be taken" sensitivity-1 0 \
	sensitivity ends-here.yaml ends --set need='1 to 30' $few
document "the worth of knowing where nothing can be taken" voi-1 0 \
	voi ends-here.yaml ends --set need='1 to 30' $few
document "a search that finds nothing, explained" explanation-1 0 \
	explain ends-here.yaml ends due --set need=9 $few

# Errors.
printf 'scenario: [\n' >broken.yaml
sed 's/^workload:/worklaod:/' one.yaml >typo.yaml
document "no such parameter" error-1 2 evaluate one.yaml \
	--set nobody_knows_this=1
document "no such model" error-1 2 voi one.yaml chess
document "no such file" error-1 7 evaluate nobody.yaml
document "no YAML" error-1 3 evaluate broken.yaml
document "an unknown key" error-1 3 evaluate typo.yaml
document "a value that is none" error-1 3 evaluate one.yaml \
	--set requests_per_day=NaN
document "no store" error-1 4 log

if command -v jq >/dev/null; then
	for file in broken.yaml typo.yaml nobody.yaml; do
		steelyard evaluate $file --json
		same "the code of $file is the exit status" "$status" \
			"$(jq .error.code out)"
	done

	# The schemas can say no.
	steelyard evaluate one.yaml --json $few
	cp out good
	refused "a name that is missing" evaluation-1 \
		'del(.scenarios[0].tradeoffs[0].verdict.state)'
	refused "a state nobody knows" evaluation-1 \
		'.scenarios[0].tradeoffs[0].verdict.state = "sure"'
	refused "a probability above one" evaluation-1 \
		'.scenarios[0].tradeoffs[0].verdict.p_none = 1.5'
	refused "text for a number" evaluation-1 \
		'.scenarios[0].tradeoffs[0].options[0].mean = "12"'
	refused "neither statistics nor a value" evaluation-1 \
		'del(.scenarios[0].tradeoffs[0].options[0].p5)'
	refused "another document" breakeven-1 .
	steelyard voi one.yaml chess --json
	cp out good
	refused "an error that went well" error-1 '.ok = true'
	refused "an error without its message" error-1 'del(.error.message)'
else
	skip "documents made wrong" "jq is not here"
fi
check "no JSON is an error of its own" test 2 = \
	"$(echo '{' | "$tool" error-1 2>/dev/null; echo $?)"
done_testing
