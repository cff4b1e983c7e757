#!/usr/bin/env bash
# sensitivity and voi: what moves the advice, what is worth measuring.
. "${SRCDIR:-.}/tests/lib.sh"
cd "$work" || exit 99
cp "$SRCDIR"/scenarios/support-chatbot-100k.yaml one.yaml
few='--samples 2048'

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
expect "no model" 2 err 'something is missing' -- voi one.yaml
expect "a tolerance of nothing" 2 err 'above 0' -- \
	voi one.yaml build-vs-buy --risk-tolerance 0
expect "one draw decides nothing" 0 out 'too few' -- \
	evaluate one.yaml --samples 1
if command -v jq >/dev/null; then
	steelyard sensitivity one.yaml build-vs-buy --json $few
	check "the document of sensitivity" jq -e '
		.schema == "steelyard.sensitivity/1" and .ok and
		(.criteria | length) == 7 and
		all(.sensitivity[]; .first_order >= 0 and .first_order <= 1)
		' "$work/out"
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
else
	skip "JSON documents" "jq is not here"
fi
done_testing
