#!/usr/bin/env bash
# What the program writes with --json, held against docs/schemas.
. "${SRCDIR:-.}/tests/lib.sh"
cd "$work" || exit 99
tool=$BUILDDIR/tests/cli/schema_check
few='--samples 256'
at=$SRCDIR/scenarios

if [ ! -x "$tool" ]; then
	skip "documents and their schemas" "schema_check is not built"
	done_testing
fi

# document NAME SCHEMA STATUS ARGUMENT...: one case, one document.
document() {
	local name=$1 schema=$2 want=$3 why=
	shift 3
	echo "$schema $1 $2" >>exercised
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
	document "$(basename "$path" .yaml)" evaluation-1 0 \
		evaluate "$path" --samples 64
done
document "all of them at central values" evaluation-1 0 \
	evaluate --point "$at"/*.yaml
for one in support-chatbot-100k data-stays-home; do
	path=$at/$one.yaml
	document "plan of $one" plan-1 0 plan "$path" $few
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
document "what estimates were worth" calibration-1 0 calibration \
	--store decisions.db
document "what still holds" check-1 0 check --all $few --store decisions.db
document "what a scenario expects" check-1 0 check one.yaml $few
document "doctor" doctor-1 0 doctor

# The store and the models.
kept='--store decisions.db'
document "a revision, saved" revision-1 0 save one.yaml --point $kept \
	--message 'a "quoted" \ word'
document "the log" log-1 0 log $kept
document "the log of decisions" log-1 0 log --decisions $kept
document "nothing in the log" log-1 0 log --tag nowhere $kept
document "a revision" revision-1 0 show support-chatbot-100k $kept
document "a decision, shown" decision-1 0 show D1 $kept
document "another one" decision-1 0 decide one.yaml build-vs-buy api_closed \
	--point $kept
steelyard accept D2 $kept
document "in its place" decision-1 0 supersede D1 D2 $kept
document "a third" decision-1 0 decide one.yaml build-vs-buy api_open \
	--point $kept
document "turned down" decision-1 0 reject D3 --because 'too dear' $kept
document "gone" decision-1 0 deprecate D2 $kept
document "records" export-1 0 export support-chatbot-100k -o records \
	--samples 64 $kept
document "a sound store" store-1 0 store check $kept
document "a copy of it" store-1 0 store backup copy.db $kept
document "the copy merged" store-1 0 store merge copy.db $kept
document "it as text" store-1 0 store export text $kept
document "the text read" store-1 0 store import text --store other.db
document "the models" models-1 0 models list
document "a model" model-1 0 models show build-vs-buy
document "its program" model-1 0 models show build-vs-buy --tape
document "its cases" examples-1 0 models test prompt-vs-finetune
document "what a reviewer says" lint-1 0 models lint

cp "$at"/support-chatbot-100k.yaml one.yaml
printf 'score,correct\n0.9,1\n0.8,0\n0.7,1\n' >scores.csv
document "scores" import-1 0 import scores scores.csv
imported() {
	document "$1" import-1 0 import "$1" "$2"
}
echo '{"m": {"input_cost_per_token": 2.5e-06, "output_cost_per_token": 1e-05,
	"litellm_provider": "openai", "mode": "chat"}}' >prices.json
document "money three times" import-1 0 reconcile one.yaml build-vs-buy \
	<(echo '{"startTime": "2026-09-01", "prompt_tokens": 9, "completion_tokens": 9, "spend": 1, "model": "m", "request_id": "1"}
{"startTime": "2026-09-03", "prompt_tokens": 9, "completion_tokens": 9, "spend": 1, "model": "m", "request_id": "2"}') $few
document "prices with an older map" import-1 0 import prices prices.json \
	<(sed 's/2.5e-06/3e-06/' prices.json) --date 2027-01-01 --store maps.db
for verb in list diff history 'show 2027-01-01'; do
	document "prices $verb" import-1 0 prices $verb --store maps.db
done
document "prices" import-1 0 import prices prices.json --no-keep
printf 'TIMESTAMP,ContextTokens,GeneratedTokens\n%s\n%s\n' \
	'2026-09-01 10:00:00,1,1' '2026-09-01 11:00:00,3,1' >usage.csv
imported usage usage.csv
printf 'BilledCost,BillingCurrency,ChargePeriodStart\n%s\n%s\n' \
	2,USD,2026-09-01 1.5,USD,2026-09-02 >focus.csv
imported focus focus.csv
printf 'n,error\n100,0.3\n200,0.22\n400,0.17\n800,0.13\n1600,0.1\n' >curve.csv
imported curve curve.csv
printf 'given,found\na,a\na,b\nb,b\nb,b\n' >labels.csv
imported labels labels.csv
echo '{"request_rate": "inf", "completed": 100, "request_throughput": 2.5,
	"output_throughput": 500, "median_tpot_ms": 20, "median_ttft_ms": 100}' \
	>vllm.json
imported bench vllm.json
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
# Every command that names a schema was run, and held to that one.
"$STEELYARD" --print-docs=markdown >manual
awk '/^## `steelyard / { gsub(/[`[].*|^## .steelyard /, ""); split($0, w, " ") }
	/^With .--json/ { sub(/.*steelyard\./, ""); sub(/\/.*/, "")
		print $0, w[1] (w[2] ~ /^[a-z]/ ? " " w[2] : "") }' manual >promised
left=
while read -r schema command; do
	[ -s "$SRCDIR/docs/schemas/$schema-1.json" ] ||
		left+=" $schema has no file;"
	case $schema in sweep) continue ;; esac # line by line, above
	grep -qE "^$schema-1 $command( |\$)" exercised ||
		left+=" $command was not held to $schema;"
done <promised
same "every command is held to its schema" "" "$left"
check "they are many" test "$(wc -l <promised)" -gt 25

check "no JSON is an error of its own" test 2 = \
	"$(echo '{' | "$tool" error-1 2>/dev/null; echo $?)"
done_testing
