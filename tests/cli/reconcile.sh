#!/usr/bin/env bash
# reconcile: money as modelled, logged and billed.
. "${SRCDIR:-.}/tests/lib.sh"
cd "$work" || exit 99
export SOURCE_DATE_EPOCH=1790000000     # 2026-09-21

# row TABLE NAME FIELD: a cell of the last --json, to 1e-6.
row() {
	jq -r --arg n "$2" ".facts.$1[] | select(.line == \$n or .leg == \$n) | .$3
		| if type == \"number\" then . * 1e6 | round / 1e6 else . end" out
}

# Ten days of four requests, 300 tokens in and 50 out; one a day is nobody's, one
# of a model without a price, the others cost 0.002 USD each.
awk 'BEGIN { for (d = 1; d <= 10; d++) for (i = 0; i < 4; i++)
	printf "{\"request_id\": \"%d-%d\", \"startTime\": \"2026-09-%02dT%02d:00:00Z\", \"prompt_tokens\": 300, \"completion_tokens\": 50, \"spend\": %s, \"model\": \"%s\", \"team_id\": \"%s\"}\n",
	d, i, d, 6 * i, i == 3 ? "0" : "0.002", i == 3 ? "new" : "gpt", i ? "t" : "" }' >log.jsonl
# The bill begins on the third day and ends two days later than the log.
{ echo BilledCost,BillingCurrency,ChargePeriodStart,ChargePeriodEnd,ChargeCategory
	for d in 03 04 05 06 07 08 09 10 11 12; do
		echo "0.007,USD,2026-09-${d}T00:00:00Z,,Usage"
	done
	echo '0.01,USD,2026-09-03T00:00:00Z,2026-09-13T00:00:00Z,Tax'
	echo '-0.004,USD,2026-09-05T00:00:00Z,,Credit'
	echo '50,USD,2026-09-05T00:00:00Z,,Purchase'; } >bill.csv
# 5 requests a day of (200 x 2 + 50 x 8) / 1e6 = 0.0008 USD; nothing grows.
cat >bot.yaml <<'END'
scenario: bot
workload: {requests_per_day: 5, input_tok: 200, output_tok: 50, volume_growth: 0}
build-vs-buy:
  parameters:
    price_in@api_closed: 2
    price_out@api_closed: 8
    cached_input_fraction: 0
    retry_rate: 0
    batch_share: 0
    negotiated_discount: 0
    api_price_decline: 0
    waste_uninstrumented: 0
    api_fixed: 100
END

steelyard reconcile bot.yaml build-vs-buy log.jsonl bill.csv --json --samples 256
# eight days in common: 8 x 5 x 0.0008
same "modelled, by tokens" 0.032 "$(row legs 'modelled, by tokens' usd)"
# and 8 of 730 / 24 days of 100 USD
same "modelled, all serving" "$(awk 'BEGIN { printf "%.7g", 0.032 + 100 * 8 * 24 / 730 }')" \
	"$(row legs 'modelled, serving' usd)"
same "logged on those days" 0.048 "$(row legs logged usd)"
# 8 x 0.007 + 8 tenths of the tax - 0.004
same "billed on those days" 0.06 "$(row legs billed usd)"
# 4 requests in place of 5: -8 x 0.0008; 300 tokens in place of 200: 8 x 4 x 0.0002
same "the way to what was logged" '-0.0064 0.0064 0.016' "$(for l in requests_per_day \
	input_tok unexplained; do row from_model $l amount; done | xargs)"
same "its parts add up" 0 "$(jq '[.facts.from_model[].amount] |
	((.[:-1] | add) - .[-1]) * 1e9 | round' out)"
same "the way to what was billed" '0.008 -0.004 0.008' "$(for l in Tax Credit \
	unexplained; do row residual $l amount; done | xargs)"
same "beside it" '0.016 0.012 0.016 50' "$(for l in 'unattributed, within logged' \
	'logged on other days' 'billed on other days' purchases; do
	row residual "$l" amount; done | xargs)"
same "a model without a price is not known, and named" \
	'null 8 requests with tokens and no money, models new: unknown, not zero' \
	"$(row residual 'unpriced in the log' 'amount') $(row residual 'unpriced in the log' note)"
same "the ratios" '1.5 1.25' "$(jq -r '[.fields[] | select(.name == "logged_over_modelled"
	or .name == "billed_over_logged") | .mean * 1e6 | round / 1e6] | sort | reverse
	| join(" ")' out)"

expect "without a bill, over the whole log" 0 out 'over 9.75 days' noerr \
	out 'logged +0.06 ' -- reconcile bot.yaml build-vs-buy log.jsonl --samples 256
expect "another option" 0 out 'build-vs-buy.api_open. over' -- \
	reconcile bot.yaml build-vs-buy log.jsonl --option api_open --samples 256
expect "no such option" 2 err 'no option' -- \
	reconcile bot.yaml build-vs-buy log.jsonl --option magic
expect "a model that the scenario does not ask about" 2 err . -- \
	reconcile bot.yaml plan-b log.jsonl
printf 'TIMESTAMP,ContextTokens,GeneratedTokens\n2026-09-01 10:00:00,1,1\n2026-09-01 11:00:00,3,1\n' >trace.csv
expect "a log without money" 3 err 'no money' -- \
	reconcile bot.yaml build-vs-buy trace.csv
sed 's/2026-09/2027-09/g' bill.csv >later.csv
expect "a bill of other days" 3 err 'no money on days' -- \
	reconcile bot.yaml build-vs-buy log.jsonl later.csv
expect "kept with a scenario that was never saved" 2 err 'save it first' -- \
	reconcile bot.yaml build-vs-buy log.jsonl --keep --samples 256

steelyard explain bot.yaml build-vs-buy 'sum_money(monthly, serving)[api_closed]' \
	--point --json
# 730 / 24 days of 5 x 0.0008, and 100 USD
same "explain takes an expression" 100.121667 "$(jq '.. | select(.name? and .value?)
	| .value * 1e6 | round / 1e6' out | head -1)"
expect "one that is none" 2 err 'no formula or output' -- explain bot.yaml \
	build-vs-buy 'tokens plus gateway' --point

# What was decided is what is held against the log, and the record shows it.
steelyard decide bot.yaml build-vs-buy api_open --by me --samples 256
steelyard accept D1
expect "of the decision" 0 out 'bot: api_open as modelled' out 'kept with bot' -- \
	reconcile bot build-vs-buy log.jsonl bill.csv --keep --samples 256
steelyard export D1 -o records
check "in the record" grep -q '^\* Tax: 0.008 USD, of the bill' records/0001*
steelyard export D1 -o json --format json
same "and in its JSON" 'api_open from 2026-09-03 to 2026-09-10:' \
	"$(jq -r '.record.reconciled[0]' json/0001*)"
check "the store is sound" "$STEELYARD" store check
done_testing
