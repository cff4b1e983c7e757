#!/usr/bin/env bash
# check: decisions held against today; actual; policies; what CI systems read.
. "${SRCDIR:-.}/tests/lib.sh"
cd "$work" || exit 99
cp -r "$SRCDIR/models" "$SRCDIR/scenarios" .
STEELYARD_DATA=$work
chat=scenarios/support-chatbot-100k.yaml
few='--samples 1024'

expect "nothing was decided yet" 4 err 'no store yet' -- check --all
expect "neither a file nor --all" 2 err 'name scenarios, or --all' -- check
steelyard decide $chat build-vs-buy api_open $few --by team --because x
steelyard decide $chat build-vs-buy self_host $few --by team
expect "a decision that is only proposed is not looked at" 0 out '^0 checked' \
	-- check --all
steelyard accept D1 --by board --review 2999-01-01
steelyard accept D2 --by board --review 2020-01-01
expect "a review that is due" 1 out 'FAIL +review: .*since 2020-01-01' -- \
	check --all $few
check "and one that is not" grep -q 'ok  *review: .*2999-01-01' out
check "the advice of then is that of today" grep -q \
	'ok  *verdict: the advice was api_open and is api_open' out
check "how far the advice is from tipping" grep -q 'distance .*tips at' out
check "what was never measured is not known" grep -q \
	'unknown  *trigger volume_crossed: .*nothing was recorded' out
steelyard accept D2 --by board --review 2999-01-01
expect "all holds" 0 noerr out ', 0 failed' -- check --all $few

# --- measurements and triggers ----------------------------------------------------

expect "what was measured" 0 out 'requests_per_day = 90000 request/day .*to 2026-10-31' -- \
	actual support-chatbot-100k requests_per_day 90k --from 2026-10-01 \
	--to 2026-10-31 --source 'gateway log'
expect "in another unit" 0 out '= 86400 request/day' -- \
	actual support-chatbot-100k requests_per_day '1 request/s' \
	--to 2026-09-30
expect "of an output" 0 out '= 12000 USD/month' -- actual \
	support-chatbot-100k 'build-vs-buy.monthly[self_host] at 1' \
	'12k USD/month'
# Declared outputs are no names of the language: they have their own unit.
expect "of a declared output" 0 out 'monthly_cost\[self_host\] = 12000 USD/mo' \
	-- actual support-chatbot-100k 'build-vs-buy.monthly_cost[self_host]' 12k
expect "of the option decided" 0 out 'monthly_cost\[self_host\] = 6000 USD/mo' \
	-- actual support-chatbot-100k monthly_cost 6k --to 2026-10-31
expect "one for all options" 0 out 'break_even_relaxed = 90000 request/day' -- \
	actual support-chatbot-100k break_even_relaxed 90k
expect "of no option that there is" 2 err 'no option .hosted.*it has: api' -- \
	actual support-chatbot-100k 'monthly_cost[hosted]' 6k
expect "all of which calibration finds again" 0 \
	out 'build-vs-buy.monthly_cost\[self_host\], [-0-9]*: 12k USD/mo' \
	out 'build-vs-buy.break_even_relaxed' -- calibration
expect "what is still to come" 2 err 'still to come .today is 2' -- actual \
	support-chatbot-100k requests_per_day 5 --to 2999-01-01
expect "not a number" 2 err 'not a number' -- \
	actual support-chatbot-100k requests_per_day many
expect "a foreign unit" 2 err 'not in a unit like request/day' -- \
	actual support-chatbot-100k requests_per_day '5 USD'
expect "no such thing" 3 err 'nonsense' -- \
	actual support-chatbot-100k build-vs-buy.nonsense 5
expect "never saved" 2 err 'save it first' -- \
	actual data-stays-home requests_per_day 5
expect "a period upside down" 2 err 'ends before' -- actual \
	support-chatbot-100k requests_per_day 5 --from 2026-02-01 --to 2026-01-01
expect "a date that is none" 2 err '2026-13-01' -- actual \
	support-chatbot-100k requests_per_day 5 --to 2026-13-01
sed 's/{p5: 80k.*/{p5: 80k, p50: 100k, p95: 120k}\n  output_tok: 400/' \
	$chat >tip.yaml
check_trigger() { "$STEELYARD" check --all $few --json |
	jq -r '.items[] | select(.id == "volume_crossed" and .decision == 1) |
		.status'; }
same "the trigger knows what was measured" no-longer-unknown \
	"$(check_trigger | sed 's/ok\|fail/no-longer-unknown/')"

# What a trigger compares, in people's words: the value and the limit.
expect "an age and its limit" 0 \
	out 'half_year: .*.0 days; trips above 6 months.$' -- check --all $few
check "no formula with its figures put in" test -z "$(grep -F '((' out)"
desk=scenarios/document-desk.yaml
own='--store desk.db --samples 512'
steelyard decide $desk automation-vs-oversight gate_audit $own
steelyard decide $desk prompt-vs-finetune ft_hosted $own
steelyard accept D1 --by x $own
steelyard accept D2 --by x $own
for said in 'requests_per_day 95k' 'workload.cost_per_error 5' \
	'automation-vs-oversight.c_rev 3'
do
	steelyard actual document-desk ${said% *} "${said#* }" $own \
		--from 2026-08-01 --to 2026-10-31
	[ "$status" = 0 ] || fail "$said" "$(cat err)"
done
# A trigger with `for:` waits until the newest measurements in a row reach
# over as many days.
busy() { steelyard actual document-desk automation-vs-oversight.utilisation \
	"$1" $own --from "$2" --to "$3"; }
busy 0.9 2026-10-29 2026-10-31
expect "three days are no five" 1 out 'ok  *trigger utilisation_high: .*(0.9; trips above 0.85; measured so over 3 days, trips after 5)' \
	-- check --all $own
busy 0.8 2026-10-27 2026-10-28
busy 0.95 2026-10-01 2026-10-26
expect "nor are those before a good one" 1 \
	out 'ok  *trigger utilisation_high: .*measured so over 3 days, trips after 5' -- \
	check --all $own
busy 0.88 2026-10-27 2026-10-28
expect "one measurement, by whatever name a model has for it" 1 \
	out 'D2 document-desk: prompt' \
	out 'volume_crossed: Volume nears .*.95k request/day; trips above [0-9]' \
	-- check --all $own
check "of one label" grep -q \
	'FAIL .*cost_of_error_revised: .*(5 USD/item; trips above 2.5 USD/item)' out
check "of the option decided" grep -q \
	'FAIL .*utilisation_high: .*(0.9; trips above 0.85; measured so over 31 days, trips after 5)' out
check "one value and two limits" grep -q 'review_cost_revised: .*(3 USD/item; trips above [0-9.]* USD/item or below [0-9.]* USD/item)' out

# --- drift: the prices of today -----------------------------------------------------

sed -i '/llama-3.3-70b@bedrock:/,/source/s/input: [0-9.]*, output: [0-9.]*/input: 90, output: 90/
	/gpt-4o-mini:/,/source/s/input: 0.15, output: 0.6/input: 0.1, output: 0.4/
	/llama-3.1-8b/,/source/s/input: [0-9.]*, output: [0-9.]*/input: 90, output: 90/' \
	models/prices.yaml
expect "prices moved: the advice flipped" 1 \
	out 'FAIL +verdict: the advice was api_open and is api_closed.*costs .* USD more' \
	-- check --all $few
expect "for JUnit" 1 out '<testcase .*name="verdict"><failure message=' -- \
	check --all $few --format junit
expect "for GitHub" 1 out '^::error title=D1 .*verdict::the advice was' -- \
	check --all $few --format github
expect "for TAP" 1 out '^not ok [0-9]+ - D1 .*verdict' -- \
	check --all $few --format tap
expect "as a document" 1 out '"holds": false' -- check --all $few --json
echo 'no_such_section: 1' >>models/build-vs-buy.yaml
expect "a model that no longer loads is a failure, not a crash" 1 \
	out 'FAIL +error: cannot be evaluated today' -- check --all $few
cp "$SRCDIR/models/build-vs-buy.yaml" models/
cp "$SRCDIR/models/prices.yaml" models/

# --- policies -------------------------------------------------------------------------

# A store of its own: no decision, no measurement.
export XDG_DATA_HOME=$work/other
policy() { printf 'policy: p\nlimits:\n  - %s\n' "$1" >policy.yaml; }
policy '{id: api, model: build-vs-buy, verdict: [api_open, api_closed]}'
expect "a limit that holds" 0 out 'ok +limit api' -- \
	check $chat $few --policy policy.yaml
policy '{id: own, model: build-vs-buy, verdict: self_host, because: "we have GPUs"}'
expect "a verdict that must be another" 1 out 'FAIL .*not allow: we have GPUs' -- \
	check $chat $few --policy policy.yaml
policy '{id: sure, model: build-vs-buy, probability: at least 0.99}'
expect "a probability" 1 out 'wanted at least 0.99' -- \
	check $chat $few --policy policy.yaml
policy '{id: cheap, model: build-vs-buy, cost: at most 1k}'
expect "a cost" 1 out 'wanted at most 1000' -- \
	check $chat $few --policy policy.yaml
for cost in '250k USD' 0.25M '250 kUSD' '250000'; do
	policy "{id: cheap, model: build-vs-buy, cost: at most $cost}"
	expect "a cost as people write it: $cost" 1 \
		out 'costs [0-9.]*k USD, wanted at most 250k USD' -- \
		check $chat $few --policy policy.yaml
done
policy '{id: sure, model: build-vs-buy, probability: at least 30 %}'
expect "a probability in percent" 0 out 'wanted at least 0.3' -- \
	check $chat $few --policy policy.yaml
steelyard evaluate $chat $few --json
mean=$(jq '.scenarios[0].tradeoffs[0] | .verdict.option as $o | .options[] |
	select(.name == $o) | .mean' out)
policy "{id: close, model: build-vs-buy, cost: at most $mean}"
expect "a figure at its limit is undecided at a confidence" 8 out undecided -- \
	check $chat $few --policy policy.yaml --confidence 0.95
policy '{id: other, scenario: "other-*", model: build-vs-buy, cost: at most 1}'
expect "a limit for other scenarios" 0 out 'checked' -- \
	check $chat $few --policy policy.yaml
policy '{id: law, model: build-vs-buy, never_waive: [data_stays]}'
steelyard decide scenarios/data-stays-home.yaml build-vs-buy api_open $few \
	--waive data_stays --because 'legal agreed' --by x
steelyard accept D1 --by x
expect "a rule that nobody may set aside" 1 out 'FAIL +limit law: .*nobody may' -- \
	check --all $few --policy policy.yaml
policy '{id: taken, model: build-vs-buy, verdict: self_host}'
expect "what was decided is held against a verdict, not today's advice" 1 \
	out 'limit taken: what was decided is api_open, which' -- \
	check --all $few --policy policy.yaml
policy '{id: a, model: build-vs-buy, cost: at most 3k USD/month}'
expect "a cost in another unit" 3 err 'policy.yaml:3:[0-9]+: .*USD/month' -- \
	check $chat $few --policy policy.yaml
for bad in '{id: a}' '{id: a, model: b}' '{id: a, model: b, cost: cheap}' \
	'{id: a, model: b, probabilty: at least 1}' '5' \
	'{id: a, model: b, probability: at least 1.5}'; do
	policy "$bad"
	expect "a wrong policy: $bad" 3 err 'policy.yaml:3:[0-9]+: ' -- \
		check $chat $few --policy policy.yaml
done
expect "a policy that is not there" 7 err nowhere -- \
	check $chat --policy nowhere.yaml
expect "a scenario's own expectations" 0 out 'expectation option: api' -- \
	check "$SRCDIR/$chat"
done_testing
