#!/usr/bin/env bash
# evaluate, breakeven and explain as someone in a planning meeting calls them.
. "${SRCDIR:-.}/tests/lib.sh"
cd "$work" || exit 99
cp "$SRCDIR"/scenarios/support-chatbot-100k.yaml one.yaml
cp "$SRCDIR"/scenarios/support-chatbot-1m.yaml two.yaml
# Few draws do where the figures themselves are not looked at.
few='--samples 1024'

expect "the verdict in words" 0 noerr out 'build-vs-buy|Build vs buy' \
	out 'requests' -- evaluate one.yaml
expect "central values say so" 0 noerr out '[Cc]entral|median' \
	-- evaluate --point one.yaml
expect "two files" 0 noerr -- evaluate --point one.yaml two.yaml
expect "a shipped scenario by name" 0 noerr -- \
	evaluate --point support-chatbot-100k
steelyard evaluate --point - <one.yaml
same "standard input" 0 "$status"

# The same digits: again, with any number of threads, in any locale.
steelyard evaluate one.yaml --json --seed 7 $few --threads 1
cp "$work/out" first
steelyard evaluate one.yaml --json --seed 7 $few --threads 2
check "one or two threads give the same bytes" cmp first "$work/out"
if localedef -i de_DE -f UTF-8 "$work/de_DE.UTF-8" >/dev/null 2>&1; then
	LOCPATH=$work LC_ALL=de_DE.UTF-8 "$STEELYARD" evaluate one.yaml --json \
		--seed 7 $few --threads 2 >german
	check "a German locale gives the same bytes" cmp first german
else
	skip "a German locale gives the same bytes" "localedef cannot make one"
fi
steelyard evaluate one.yaml --json --seed 8 $few
check "another seed gives other digits" test 1 = \
	"$(cmp -s first "$work/out"; echo $?)"

expect "-o writes the file" 0 noout noerr -- evaluate --point one.yaml -o r.txt
check "it holds the result" test -s r.txt
expect "-o - is standard output" 0 out . -- evaluate --point one.yaml -o -

expect "--set changes the answer's inputs" 0 noerr \
	-- evaluate --point one.yaml --set requests_per_day=2M
expect "--set with the model's name" 0 noerr \
	-- evaluate --point one.yaml --set build-vs-buy.requests_per_day=2M
expect "--set twice" 0 noerr -- evaluate --point one.yaml \
	--set requests_per_day=2M -s output_tok=500
expect "--set of an unknown name" 2 noout err 'requests_per_dya' \
	-- evaluate --point one.yaml --set requests_per_dya=3
expect "--set without a value" 2 noout err 'NAME=VALUE' \
	-- evaluate --point one.yaml --set requests_per_day
for bad in NaN inf 1e999 -5 'many' '5 USD' '10 to 5' '1 to'; do
	expect "--set requests_per_day=$bad" 3 noout err 'requests_per_day|set' \
		-- evaluate --point one.yaml --set "requests_per_day=$bad"
done

expect "what the scenario expects" 0 noerr out 'as expected' \
	-- evaluate --expect $few one.yaml
sed '/expect:/,$d' one.yaml >bare.yaml
{ cat bare.yaml; echo '  expect: {option: from_scratch}'; } >wrong.yaml
expect "an expectation that is not met" 1 noerr out 'not expected' \
	-- evaluate --expect $few wrong.yaml
expect "nothing expected" 3 err 'expects nothing' -- evaluate --expect $few bare.yaml

expect "no colours by themselves" 0 noerr -- evaluate --point one.yaml
steelyard evaluate --point one.yaml --color always
check "colours when asked for" grep -q "$(printf '\033')" "$work/out"
steelyard evaluate --point one.yaml --ascii
check "ASCII when asked for" test -z \
	"$(LC_ALL=C grep -n '[^[:print:][:space:]]' "$work/out")"

expect "break-evens" 0 noerr out 'requests' \
	-- breakeven one.yaml build-vs-buy requests_per_day $few
expect "break-evens at central values" 0 noerr out 'requests' \
	-- breakeven --point one.yaml build-vs-buy requests_per_day
expect "break-even of an unknown parameter" 2 noout err 'nothing' \
	-- breakeven one.yaml build-vs-buy nothing
expect "break-even of an unknown model" 2 noout err 'build-vs-buy' \
	-- breakeven one.yaml chess requests_per_day
expect "a number explained" 0 noerr out 'monthly' \
	-- explain one.yaml build-vs-buy 'monthly[self_host]' $few
expect "deeper" 0 noerr out 'objective' \
	-- explain one.yaml build-vs-buy objective --depth 6 --point
expect "an unknown output" 2 noout err 'nothing' \
	-- explain one.yaml build-vs-buy nothing

if command -v jq >/dev/null; then
	steelyard evaluate one.yaml --json
	check "the document of evaluate" jq -e '
		.schema == "steelyard.evaluation/1" and .ok == true and
		.engine.sampler == "sobol-owen" and .engine.replicates == 8 and
		(.engine.samples >= 16384) and .engine.seed == 1 and
		(.scenarios | length == 1) and
		(.scenarios[0].tradeoffs[0] |
			.model == "build-vs-buy" and
			(.options | length == 4) and
			(.verdict.option as $best | any(.options[]; .name == $best)) and
			([.options[].probability_best] + [.verdict.p_none] | add |
				. > 0.999999 and . < 1.000001) and
			all(.options[] | select(.p_feasible > 0);
				.p5 <= .p50 and .p50 <= .p95 and .se >= 0) and
			.voi.evpi >= 0)' "$work/out"
	steelyard evaluate one.yaml two.yaml --json --point
	check "two scenarios, central values" jq -e '
		(.scenarios | length == 2) and
		all(.scenarios[].tradeoffs[].options[] |
			select(.status == "ok"); .value | type == "number")' "$work/out"
	steelyard breakeven one.yaml build-vs-buy requests_per_day --json $few
	check "the document of breakeven" jq -e \
		'.schema == "steelyard.breakeven/1" and .ok' "$work/out"
	steelyard explain one.yaml build-vs-buy objective --json $few
	check "the document of explain" jq -e \
		'.schema == "steelyard.explanation/1" and .ok' "$work/out"
else
	skip "JSON documents" "jq is not here"
fi
# All others can be taken, and none of them keeps its service levels.
cat >lone.yaml <<'END'
scenario: lone
workload: {requests_per_day: 800k to 1.2M}
throughput-vs-latency: {}
END
expect "advice without a rival" 0 noerr \
	out 'the only option that keeps its service' -- evaluate lone.yaml $few

steelyard evaluate one.yaml two.yaml --csv --point
same "CSV: a header and one row an option" 9 "$(grep -c . "$work/out")"
same "CSV: as many cells in each row" 1 \
	"$(awk -F, '!/"/ { print NF }' "$work/out" | sort -u | grep -c .)"
done_testing
