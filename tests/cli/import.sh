#!/usr/bin/env bash
# import: files that people have, as evidence; and scenarios that stand on it.
. "${SRCDIR:-.}/tests/lib.sh"
cd "$work" || exit 99
export SOURCE_DATE_EPOCH=1790000000     # 2026-09-21

# field NAME FILTER: a figure of the last --json, by jq.
field() {
	jq -r ".fields[] | select(.name == \"$1\") | $2" "$work/out"
}

# --- price maps ---------------------------------------------------------------
cat >map.json <<'END'
{"sample_spec": {"input_cost_per_token": 0.0, "max_tokens": "LEGACY parameter", "mode": "one of: chat"},
 "good": {"litellm_provider": "x", "mode": "chat", "input_cost_per_token": 1.5e-07, "output_cost_per_token": 6e-07,
  "cache_read_input_token_cost": 7.5e-08, "deprecation_date": "2026-06-01"},
 "scaled": {"litellm_provider": "w", "mode": "chat", "input_cost_per_token": 0.022, "output_cost_per_token": 0.022},
 "zero": {"litellm_provider": "z", "mode": "chat", "input_cost_per_token": 0, "output_cost_per_token": 0},
 "timed": {"litellm_provider": "t", "mode": "audio_transcription", "input_cost_per_second": 0.0001},
 "odd": {"litellm_provider": "o", "mode": "chat", "input_cost_per_token": 1e-06, "output_cost_per_token": 5e-05},
 "last_updated": "2026-07-24T18:23:43"}
END
expect "price map" 0 noerr out 'of 2026-07-24' out 'priced +2 ' \
	out 'unpriced +3 ' out 'scaled.*2[^ ]* USD.*0.22 would be right' \
	out 'odd.*50 times' -- import prices map.json -o prices.yaml
expect "a zero that is true" 0 out 'free +1 ' -- \
	import prices map.json --free zero --no-keep
check "the price is in USD a million tokens" \
	grep -q 'good: {date: 2026-07-24, unit: USD/Mtoken, input: 0.15, output: 0.6, cached_input: 0.075, retires: 2026-06-01}' prices.yaml
cat >priced.yaml <<'END'
scenario: priced
prices: {as_of: 2026-07-24, files: [prices.yaml], set: {"gpt-4o.output": 9 USD/Mtoken}}
build-vs-buy:
  parameters:
    price_in@api_closed: {price: MODEL, field: input}
    price_out@api_closed: {price: gpt-4o, field: output}
END
sed 's/MODEL/good/' priced.yaml >good.yaml
steelyard evaluate good.yaml --point --json
same "a price file goes before the map, the user before both" \
	'price file 0.15 scenario 9' "$(jq -r '[.scenarios[0].tradeoffs[0].provenance[]
	| select(.parameter == "price_in@api_closed" or .parameter == "price_out@api_closed")
	| "\(.origin) \(.p50)"] | join(" ")' out)"
same "who said a price, and what it goes before" \
	'import null user built-in 10 USD/Mtoken of 2026-07-24' "$(jq -r \
	'[.scenarios[0].tradeoffs[0].provenance[]
	| select(.parameter == "price_in@api_closed" or .parameter == "price_out@api_closed")
	| "\(.precedence) \(.over)"] | join(" ")' out)"
expect "the same in words" 0 out '9 USD/Mtoken from the scenario' \
	out 'price_in@api_closed 0.15 USD/Mtoken from the price file .import' -- \
	evaluate good.yaml --samples 256
expect "and in the why-trace" 0 out 'scenario .user, goes before$' -- \
	explain good.yaml build-vs-buy 'price_out[api_closed]' --point
sed 's/price: MODEL, field: input/price: gpt-4o, field: input/; s/prices.yaml/held.yaml/' \
	priced.yaml >held.scn
printf 'prices: 1\nentries: {x: {date: 2026-07-24, unit: USD/Mtoken, input: 1}}\nunpriced: {gpt-4o: below zero}\n' >held.yaml
expect "an import without a price leaves the built-in one, and says so" 0 \
	out 'holds gpt-4o unpriced .below zero.' -- evaluate held.scn --samples 256
steelyard evaluate good.yaml --point --json
check "a retired model is warned of" jq -e \
	'[.scenarios[0].tradeoffs[0].warnings[].code] | index("retired_model")' out
sed 's/MODEL/zero/' priced.yaml >zero.yaml
expect "an unpriced model is no free one" 3 noout \
	err 'zero.yaml:5:.*`zero` is unpriced: a price of zero' -- \
	evaluate zero.yaml --point
sed 's/1.5e-07/3e-07/; s/2026-07-24/2025-07-24/' map.json >older.json
steelyard import prices map.json older.json --json
same "what changed between two maps" 'changed input -0.5' "$(jq -r \
	'.facts.differences[0] | "\(.what) \(.field) \(.change)"' out)"
# `good`: 5 x 0.3 + 0.6 became 5 x 0.15 + 0.6 in a year of 8760 h; `odd` stayed;
# as logarithms over two years: 1 - exp(ln(1.35 / 2.1) / 2)
same "the fall in a year, of both models" '0.198' "$(field api_price_decline \
	'.mean * 1e3 | round / 1e3')"
jq '.good.input_cost_per_token = -1e-6 | .odd.cache_read_input_token_cost = -1e-8
	| .timed.output_cost_per_token = "2e-6" | .added = .odd | del(.scaled)
	| .last_updated = "2026-09-01"' map.json >later.json
expect "prices below zero are dropped, counted and named" 0 \
	out 'below zero, dropped and named below: 3$' \
	out 'no numbers, dropped and named below: 1$' \
	out 'good .*the price input is negative .-1.: dropped' \
	out 'odd .*cached_input is negative .-0.01.' -- import prices later.json
expect "kept price maps" 0 out '2025-07-24 +2 +0 +3 +older.json' \
	out '2026-07-24 ' out '2026-09-01 +2 +0 +3 ' -- prices list
steelyard prices diff --json
same "from one to the next" 'unpriced good,added added,removed scaled' "$(jq -r \
	'[.facts.differences[] | "\(.what) \(.model)"] | join(",")' out)"
sed 's/2026-07-24/2026-05-01/' map.json >may.json
steelyard import prices may.json
steelyard prices diff 2026-05-01 2026-07-24 --json
same "retired between the two" 'retired good 2026-06-01' "$(jq -r \
	'.facts.differences[] | "\(.what) \(.model) \(.note)"' out)"
expect "maps in the wrong order" 2 err 'older than' -- \
	prices diff 2026-07-24 2026-05-01
expect "a day that is none" 2 noout err 'a day is written' -- \
	import prices map.json --date 2026-13-01
expect "no model of that name" 2 noout err 'named so' -- \
	prices show 2026-07-24 --model nobody
expect "a day of which there is no map" 2 err 'prices list' -- prices show 2020-01-01
steelyard prices show 2026-07-24 -o again.yaml
check "a kept map is the same price file" cmp <(grep '^  good' prices.yaml) \
	<(grep '^  good' again.yaml)
for f in older later; do        # more models that stay as they are
	jq '. + ([range(20) | {"same-\(.)": {mode: "chat", input_cost_per_token: 1e-6,
		output_cost_per_token: 2e-6}}] | add)' $f.json >many-$f.json
	steelyard import prices many-$f.json --store many.db
done
steelyard prices history -o drift.yaml --store many.db
cat >drift.scn <<'END'
scenario: drift
build-vs-buy: {parameters: {api_price_decline: {evidence: drift.yaml, field: api_price_decline}}}
END
steelyard evaluate drift.scn --point --json
same "the history is evidence of the drift" 'measured 2026-09-01' "$(jq -r \
	'.scenarios[0].tradeoffs[0].provenance[] | select(.parameter == "api_price_decline")
	| "\(.kind) \(.date)"' out)"
check "a store with price maps is sound" "$STEELYARD" store check
steelyard import prices map.json --store one.db
expect "one map is no history" 2 err 'import prices' -- \
	prices history --store one.db
cat >odd.json <<'END'
{"ok": {"mode": "chat", "input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06},
 "worded": {"mode": "chat", "input_cost_per_token": "1e-6", "output_cost_per_token": 2e-06},
 "listed": {"mode": "chat", "input_cost_per_token": [1e-06], "output_cost_per_token": 2e-06},
 "half": {"mode": "chat", "input_cost_per_token": null, "output_cost_per_token": 2e-06},
 "embed": {"mode": "embedding", "input_cost_per_token": 1e-06}}
END
expect "prices that are no numbers, and a side without one" 0 out 'priced +2 ' \
	out 'unpriced +3 ' out 'named below: 2' out 'worded.*no number' \
	out 'listed.*no number' out 'half.*no price for input' -- \
	import prices odd.json --no-keep -o odd.yaml
sed 's/prices.yaml/odd.yaml/; s/price: MODEL/price: half/' priced.yaml >half.scn
expect "whose reason the scenario is told" 3 noout \
	err '.half. is unpriced: no price for input' -- evaluate half.scn
for y in 5 6; do
	jq -n --argjson y $y '[range(12) | {key: "m\(.)", value: {mode: "chat",
		input_cost_per_token: ((. + 1) * 1e-6 / ($y - 4)), output_cost_per_token: ((. + 1) * 2e-6 / ($y - 4))}}]
		| from_entries' >"halved-202$y-01-01.json"
done
steelyard import prices halved-2026-01-01.json halved-2025-01-01.json --no-keep -o drift.yaml
check "all halved in a year: a value, not quantiles that do not rise" \
	grep -qx '    value: 0.5' drift.yaml
expect "an older map must be older" 3 noout err 'not before' -- \
	import prices older.json map.json

# --- logs ---------------------------------------------------------------------
# 10 days, 3 requests each, in order; 300 tokens in of which 100 were cached.
awk 'BEGIN { for (d = 1; d <= 10; d++) for (i = 0; i < 3; i++)
	printf "{\"request_id\": \"%d-%d\", \"startTime\": \"2026-09-%02dT%02d:00:00Z\", \"endTime\": \"2026-09-%02dT%02d:00:02Z\", \"completionStartTime\": \"2026-09-%02dT%02d:00:01Z\", \"prompt_tokens\": %d, \"completion_tokens\": 50, \"spend\": %s, \"model\": \"m\", \"team_id\": \"%s\", \"api_key\": \"sk-top-secret\", \"status\": \"%s\", \"metadata\": {\"usage_object\": {\"prompt_tokens_details\": {\"cached_tokens\": 100}}}, \"messages\": [{\"role\": \"user\", \"content\": \"whispered\"}]}\n",
	d, i, d, 8 * i, d, 8 * i, d, 8 * i, 200 + 100 * i, (d > 8 && i == 1) ? "10" : "0.5",
	i == 1 ? "search" : i == 2 ? "chat" : "", d == 1 && i == 0 ? "failure" : "success" }' >spend.jsonl
steelyard import usage spend.jsonl --json --by team
cp out log.json
# of nine whole days the one with a failure asked for two: (8 x 3 + 2) / 9
same "requests a day, without the attempts sent again" 2.888888888888889 "$(field requests_per_day .mean)"
same "tokens in" 300 "$(field input_tok .mean)"
same "cached share" 0.3333 "$(field cached_input_fraction '.mean * 1e4 | round / 1e4')"
# P5 of 1 failure in 30: 1 - 0.95^(1/30); P95: the root of (1-p)^30 + 30 p (1-p)^29 = 0.05
# and the model's attempts for a request: p / (1 - p)
same "failures, Clopper-Pearson" '0.034483 0.001711 0.175' "$(field retry_rate \
	'[.mean, .low, .high * 1] | [.[0] * 1e6, .[1] * 1e6] + [.[2] * 1e6]
	| map(round / 1e6) | "\(.[0]) \(.[1]) \(.[2] * 1e3 | round / 1e3)"')"
same "time to the first token" 1 "$(field ttft '.mean * 10 | round / 10')"
same "spend by team" 'search 24 chat 5 Unattributed 5' "$(jq -r \
	'.facts.team | map("\(.name) \(.spend)") | join(" ")' out)"
same "coverage" 0.853 "$(field attribution_coverage '.mean * 1e3 | round / 1e3')"
same "coverage where nobody asked: with a team or tag, never by model" \
	'0.853 share of spend with a team or tag' "$(steelyard import usage spend.jsonl --json
	field attribution_coverage '"\(.mean * 1e3 | round / 1e3) \(.note)"')"
cp log.json out
check "no body, no key" sh -c '! grep -q -e whispered -e top-secret out'
jq -s . spend.jsonl >array.json
jq -s '{data: ., total: 3}' spend.jsonl >page.json
jq -rs '(.[0] | keys_unsorted) as $k | ($k | @csv),
	(.[] | [.[$k[]] | if type == "object" or type == "array" then tojson else . end] | @csv)' \
	spend.jsonl >spend.csv
for f in array.json page.json; do
	steelyard import usage $f --json --by team
	same "the same from $f" "$(jq -c .fields log.json)" "$(jq -c .fields out)"
done
steelyard import usage spend.csv --json
same "tokens from CSV, the cached ones within its metadata" '300 0.3333' \
	"$(field input_tok .mean) $(field cached_input_fraction '.mean * 1e4 | round / 1e4')"
jq -c '.metadata |= tojson' spend.jsonl >texts.jsonl
steelyard import usage texts.jsonl --json --by team
same "metadata written as a text" "$(jq -c .fields log.json)" "$(jq -c .fields out)"
expect "the month and its budget" 0 out 'month_spend' out 'p_overrun +1' \
	out 'alert_at' -- import usage spend.jsonl --budget 20
# A week's spend tells a chance and an interval by one law: at its P95, 5 %.
i=0
while [ $i -lt 14 ]; do
	i=$((i + 1))
	printf '{"request_id":"m%d","startTime":"2026-11-%02dT10:00:00Z","model":"m","prompt_tokens":9,"completion_tokens":9,"spend":%d}\n' \
		$i $i $((5 + i * 7 % 5))
done >month.jsonl
steelyard import usage month.jsonl --budget 1 --json
top=$(field month_spend .high)
steelyard import usage month.jsonl --budget "$top" --json
same "the chance agrees with the interval" 0.05 "$(field p_overrun \
	'.mean * 1e5 | round / 1e5')"
expect "a small chance is no number of its own" 0 out 'p_overrun +<0.01' -- \
	import usage month.jsonl --budget 5000
expect "no such group" 2 err 'team, key, model' -- import usage spend.jsonl --by chess

printf 'BilledCost,BillingCurrency,ChargePeriodStart\n%s,USD,2026-09-01\n%s,USD,2026-09-02\n' 2 1.5 >bill.csv
steelyard import usage spend.jsonl bill.csv --json
# 1.5 logged on each of the two days
same "logged and billed" '1.166667 0.5 0' "$(field billed_over_logged \
	'.mean * 1e6 | round / 1e6') $(jq -r '[.facts.reconciliation[].residual] | join(" ")' out)"
expect "a bill in another currency" 3 noout err 'different currencies' -- \
	import usage spend.jsonl <(sed 's/USD/EUR/' bill.csv)

{ echo BilledCost,BillingCurrency,ChargePeriodStart; echo 9,EUR,2026-09-01; sed 1d bill.csv; } >mixed.csv
expect "a row in another currency is told, not added" 0 noerr \
	out '9 EUR of the bill: another currency' out 'billed_over_logged +1.166' -- \
	import usage spend.jsonl mixed.csv

# What is wrong costs its line, is counted and named.
{ head -5 spend.jsonl; echo garbage; sed -n 6p spend.jsonl | head -c 80; echo
	sed -n 7p spend.jsonl | sed 's/"prompt_tokens": /&-/'
	sed -n 8p spend.jsonl | sed 's/"prompt_tokens": [0-9]*/"prompt_tokens": 1e12/'
	sed -n 9p spend.jsonl; sed -n 9p spend.jsonl; sed -n '10,$p' spend.jsonl | head -c -200; } >bad.jsonl
steelyard import usage bad.jsonl --json
same "bad lines" '26 5 1' "$(jq -r '"\(.rows) \(.skipped) \(.duplicates)"' out)"
same "their places" '6 7 8 9 32' "$(jq -r '[.bad[].line] | join(" ")' out)"
expect "too many bad lines: nothing is imported" 3 noout \
	err 'bad.jsonl:6:' err 'more than 2 bad lines' -- \
	import usage bad.jsonl --skip 2 -o never.yaml
check "nothing was written" test ! -e never.yaml
{ head -9 spend.jsonl | gzip; tail -n +10 spend.jsonl | gzip; } >packed.jsonl
steelyard import usage packed.jsonl --json --by team
same "gzip, of two parts" "$(jq -c .fields log.json)" "$(jq -c .fields out)"
same "its digest is of the packed file" "$(sha256sum <packed.jsonl | cut -d' ' -f1)" \
	"$(jq -r .sha256 out)"
gzip -c spend.csv | head -c -20 >cut.csv
expect "gzip that was cut off" 3 noout err 'cut off' -- import usage cut.csv
{ gzip -c spend.csv; echo more; } >more.csv
expect "more behind it" 3 noout err 'damaged' -- import usage more.csv
gzip -c packed.jsonl >twice.gz
expect "gzip in gzip" 3 noout err 'twice' -- import usage twice.gz
printf 'score,correct\n0.9,1\n0.2,0\n' | gzip >packed.csv
expect "packed scores" 0 noerr out 'error_rate' -- import scores packed.csv
iconv -f UTF-8 -t UTF-16 spend.csv >wide.csv 2>/dev/null &&
	expect "UTF-16" 3 noout err 'UTF-8' -- import usage wide.csv
: >empty.csv
expect "an empty file" 3 noout err 'empty' -- import usage empty.csv
expect "a wrong format with the right name" 3 noout err 'no usage log' -- \
	import usage "$SRCDIR/README.md"
expect "no such file" 7 noout err 'no such file' -- import usage nowhere.csv
expect "a folder" 7 noout err 'folder' -- import usage .

# every day the same 1440 requests; a tenth of them failed and were sent again
awk 'BEGIN { print "TIMESTAMP,ContextTokens,GeneratedTokens"; for (i = 0; i < 7200; i++)
	print strftime("%Y-%m-%d %H:%M:%S", 1788220800 + 60 * i, 1) ",512,64" }' >even.csv
steelyard import usage even.csv -o made/here/even.yaml --scenario even.yaml
expect "equal days are a value, in a folder that was made" 0 noerr -- \
	evaluate even.yaml --samples 256
awk 'BEGIN { for (i = 0; i < 5000; i++)
	printf "{\"request_id\": \"r%d\", \"startTime\": %d, \"endTime\": %d, \"prompt_tokens\": %d, \"completion_tokens\": 20, \"model\": \"m\", \"spend\": 0.01, \"status\": \"%s\"}\n",
	i, 1788220800 + 86.4 * i, 1788220801 + 86.4 * i, 100 + i % 3, i % 10 ? "success" : "failure" }' >retried.jsonl
steelyard import usage retried.jsonl --json
# 1000 entries a day of which 100 failed: 900 requests x (1 + 1/9) are the 1000
same "requests times attempts are the entries" '1000 101' "$(jq -r '[.fields[] | {(.name): .mean}] | add
	| "\(.requests_per_day * (1 + .retry_rate) | round) \(.input_tok | round)"' out)"

# --- other logs ---------------------------------------------------------------
cat >openai.json <<'END'
{"object": "page", "data": [
 {"object": "bucket", "start_time": 1756684800, "end_time": 1756771200, "results": [
  {"object": "organization.usage.completions.result", "input_tokens": 1000, "input_cached_tokens": 400, "output_tokens": 200, "num_model_requests": 10, "project_id": null}]},
 {"object": "bucket", "start_time": 1756771200, "end_time": 1756857600, "results": [
  {"object": "organization.usage.completions.result", "input_tokens": 3000, "input_cached_tokens": 800, "output_tokens": 600, "num_model_requests": 30, "project_id": null}]}],
 "has_more": false}
END
steelyard import usage openai.json --json
same "OpenAI usage" 'openai-usage 20 100 0.3' "$(jq -r .format out) $(field \
	requests_per_day .mean) $(field input_tok .mean) $(field cached_input_fraction .mean)"
span() { printf '{"spanId": "%s", "startTimeUnixNano": "%s000000000", "endTimeUnixNano": "%s000000000", "attributes": [{"key": "gen_ai.usage.input_tokens", "value": {"intValue": "%s"}}, {"key": "gen_ai.usage.output_tokens", "value": {"intValue": "7"}}]}' "$1" "$2" "$(($2 + 1))" "$3"; }
metric='{"resourceMetrics": [{"scopeMetrics": [{"metrics": [{"name": "gen_ai.client.token.usage", "histogram": {"aggregationTemporality": 2, "dataPoints": [
{"attributes": [{"key": "gen_ai.token.type", "value": {"stringValue": "input"}}], "startTimeUnixNano": "1756684800000000000", "timeUnixNano": "1756688400000000000", "count": "10", "sum": 1000},
{"attributes": [{"key": "gen_ai.token.type", "value": {"stringValue": "input"}}], "startTimeUnixNano": "1756684800000000000", "timeUnixNano": "1756692000000000000", "count": "30", "sum": 4000}]}}]}]}]}'
echo "{\"resourceSpans\": [{\"scopeSpans\": [{\"spans\": [$(span a 1756684800 100), $(span b 1756684900 300), {\"spanId\": \"db\", \"startTimeUnixNano\": \"1\", \"attributes\": []}]}]}]}" >spans.json
steelyard import usage spans.json --json
same "OpenTelemetry spans, other work left out" 'otel-spans 2 200' \
	"$(jq -r '"\(.format) \(.rows)"' out) $(field input_tok .mean)"
sed 's/"attributes": \[{"key": "gen_ai.usage.input/"attributes": [{"key": "gen_ai.operation.name", "value": {"stringValue": "invoke_agent"}}, {"key": "gen_ai.usage.input/' spans.json | sed 's/"spanId": "[ab]"/"spanId": "sum"/' >agent.json
sed 's/{"key": "gen_ai.usage.output_tokens"/{"key": "gen_ai.usage.cache_read.input_tokens", "value": {"intValue": "400"}}, &/g' spans.json >outside.json
expect "more cached than read: what helps" 3 noout err 'cached-outside' -- import usage outside.json
steelyard import usage outside.json --json --cached-outside
same "cached tokens outside of the input" '600 0.6667' "$(field input_tok .mean) $(field \
	cached_input_fraction '.mean * 1e4 | round / 1e4')"
{ tr -d '\n' <spans.json; echo; tr -d '\n' <agent.json; echo; } >agents.jsonl
steelyard import usage agents.jsonl --json
same "an agent's span sums up calls: not counted again" '2 200' "$(jq -r .rows out) $(field input_tok .mean)"
echo "$metric" >metrics.json
steelyard import usage metrics.json --json
same "accumulating metrics count their increase" '30 133.333' "$(field input_tok \
	'"\(.n) \(.mean * 1e3 | round / 1e3)"')"
{ cat spans.json; echo "$metric" | tr -d '\n'; } >both.jsonl
steelyard import usage both.jsonl --json
same "spans and metrics are never added" '2 200' \
	"$(jq -r .rows out) $(field input_tok .mean)"
printf '{"timestamp": %d, "input_length": 1024, "output_length": 10, "hash_ids": [1, %d]}\n' \
	0 2 500 3 1000 4 1500 5 >mooncake.jsonl
steelyard import usage mooncake.jsonl --json
# the first block of the last three requests was seen: 3 x 512 of 4 x 1024
same "Mooncake's prefix blocks" 0.375 "$(field cached_input_fraction .mean)"
printf 'Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens,Total tokens,Log Type\n5,,1,g,10,20,30,x\n6,,1,g,30,20,50,x\n' >burst.csv
steelyard import usage burst.csv --json
same "BurstGPT's columns" 'burstgpt-trace 20' "$(jq -r .format out) $(field input_tok .mean)"
printf '\357\273\277BilledCost,BillingCurrency,ChargePeriodStart,ChargePeriodEnd,ChargeCategory,ServiceName\n10,USD,2026-09-01T00:00:00Z,2026-09-02T00:00:00Z,Usage,"A, B"\n7,EUR,9/2/26,9/3/26,Usage,C\n100,USD,2026-09-02,2026-09-03,Purchase,D\n' >focus.csv
expect "FOCUS: two currencies, a purchase" 0 out 'A, B +10' \
	out '7 EUR: another currency' out 'purchases of 100 USD' -- \
	import focus focus.csv --by service
head -3 focus.csv | tail -1 >>focus.csv
steelyard import focus focus.csv --json
check "a row that stands twice in a bill is told" jq -e '.notes | any(startswith("1 rows say the same"))' out
expect "money in its currency" 0 out 'month_spend.* EUR' -- import focus <(grep -v USD <focus.csv | sed '1i '"$(head -1 focus.csv)")
{ head -1 focus.csv; sed -n 3p focus.csv; sed -n 2p focus.csv; sed -n '2s/^10/11/p' focus.csv; } >mostly.csv
expect "the currency of most rows, whichever came first" 0 out 'A, B +21' \
	out '7 EUR: another currency' -- import focus mostly.csv --by service
{ head -1 focus.csv; echo '1200,USD,2026-01-01T00:00:00Z,2027-01-01T00:00:00Z,Purchase,D'; } >ahead.csv
expect "a year bought ahead" 0 out 'purchases of 1200 USD' -- import focus ahead.csv
check "is no year without entries" test -z "$(grep 'no entry' out)"
expect "no bill: what it has not" 3 noout err 'no focus file: it has no BilledCost, ChargePeriodStart' -- import focus burst.csv
printf 'TIMESTAMP,ContextTokens,GeneratedTokens\n2026-09-01 10:00:00,1,1\n2026-09-01 10:00:01,1\n2026-09-01 10:00:02,1,1,9\n2025-01-01,1,1\n2026-02-30,1,1\n' >ragged.csv
steelyard import usage ragged.csv --json
same "rows that are cut or too long" '3 fewer, 4 more, 6 a time that is none' "$(jq -r '[.bad[] | "\(.line) \(.why
	| capture("(?<w>fewer|more|a time that is none)").w)"] | join(", ")' out)"
check "a time a year away is told" jq -e '.notes | any(contains("days have no entry"))' out
printf 'TIMESTAMP,ContextTokens,GeneratedTokens\n2026-09-01 10:00:00,1,1\n2026-09-01 09:00:00+00:00,3,1\n' >clock.csv
expect "a clock that goes backwards, zones that are mixed" 0 \
	out 'backwards' out 'taken as UTC' -- import usage clock.csv

# --- scores, curves, labels, load tests ---------------------------------------
printf 'confidence,was_right\n0.9,1\n0.8,1\n0.8,0\n0.2,no\n' >scores.csv
steelyard import scores scores.csv --json --error-cost 10 --review-cost 1
# passing all that scores 0.8: one error, one review: (10 + 1) / 4; the best
# line passes 0.9 alone: 3 reviews
same "the cheapest line" '0.9 0.5' "$(field threshold .mean) $(field error_rate .mean)"
# one of two caught, half of what was right spoilt, 2 a correction: reviewing the
# wrong 0.2 alone costs (1 + 1 x 2 / 2 + 10 / 2 + 10) / 4, nobody 20 / 4, all
# (4 + 2 x 2 / 2 + 2 x 10 / 2 + 2 x 10 / 2) / 4
steelyard import scores scores.csv --json --error-cost 10 --review-cost 1 \
	--caught 0.5 --spoilt 0.5 --fix-cost 2
check "what reviews miss, spoil and mend counts" jq -e '.fields[] | select(.name == "threshold")
	| .mean == 0.8 and (.note | contains("at 4.25 USD") and contains("review all 6.5, none 5"))' out
{ head -500 scores.csv; printf 'abc,1\n0.5\n'; } >cut.csv
bad=$(wc -l <cut.csv)
expect "a bad line and a cut one cost themselves" 0 noerr out '2 bad lines skipped' \
	out "line $((bad - 1)): .*: .abc. is no number" out "line $bad: a row with fewer" -- \
	import scores cut.csv
expect "up to a limit" 3 noout err 'more than 1 bad lines' -- \
	import scores cut.csv --skip 1
printf 'score,correct\n1.5,1\n' >more.csv
expect "scores outside of 0 to 1" 3 noout err 'more.csv:2:1: .*bounds' -- \
	import scores more.csv
printf 'given,found\na,a\na,b\nb,b\nb,b\n' >labels.csv
steelyard import labels labels.csv --json
same "one wrong label of four" '0.25' "$(field noise_rate .mean)"
printf 'size,error,tested\n1000,.1254,10000\n2000,.0995,1e4\n4000,.0906,10000.\n8000,.0834,10000\n' >dots.csv
expect "numbers as programs write them" 0 noerr -- import curve dots.csv
{ echo size,error,tested; for n in 1 2 4 8 16 32; do
	awk -v n=$n 'BEGIN { printf "%d,%.9f,100000\n", n * 1000, 0.04 + 0.08 * n ^ -0.5 }'; done; } >pilot.csv
{ cat pilot.csv; echo 64000; } >cut.csv
expect "a pilot's bad line" 0 out '1 bad lines skipped' -- import curve cut.csv
steelyard import curve pilot.csv --json
same "the curve that made the points" '0.04 0.08 0.5' "$(for p in err_inf lc_scale \
	lc_exponent; do field $p '.mean * 1e4 | round / 1e4'; done | xargs)"
echo '{"request_rate": "inf", "completed": 100, "request_throughput": 2.5, "output_throughput": 500, "median_tpot_ms": 20, "median_ttft_ms": 100}' >vllm.json
steelyard import bench vllm.json --json
same "vLLM's result" '2.5 0.02' "$(field replica_rate .mean) $(field decode_floor_s .mean)"
# GuideLLM as it writes today: `data` is a list within its arguments
cat >guide.json <<'END'
{"args": {"data": ["prompt_tokens=256"]}, "benchmarks": [
 {"config": {"strategy": {"type_": "synchronous"}}, "metrics": {"request_totals": {"successful": 30},
  "requests_per_second": {"successful": {"mean": 0.5}}, "output_tokens_per_second": {"successful": {"mean": 64}},
  "time_to_first_token_ms": {"successful": {"median": 48}}, "inter_token_latency_ms": {"successful": {"median": 14.5}}}},
 {"config": {"strategy": {"type_": "throughput"}}, "metrics": {"request_totals": {"successful": 900},
  "requests_per_second": {"successful": {"mean": 12}}, "output_tokens_per_second": {"successful": {"mean": 1536}},
  "time_to_first_token_ms": {"successful": {"median": 900}}, "inter_token_latency_ms": {"successful": {"median": 130}}}},
 {"config": {"strategy": {"type_": "constant", "rate": 6}}, "metrics": {"request_totals": {"successful": 360},
  "requests_per_second": {"successful": {"mean": 5.9}}, "output_tokens_per_second": {"successful": {"mean": 755}},
  "time_to_first_token_ms": {"successful": {"median": 90}}, "inter_token_latency_ms": {"successful": {"median": 150}}}}]}
END
steelyard import bench guide.json --gpus 2 -o replica.yaml
steelyard import bench guide.json --json --gpus 2
same "GuideLLM: peak, floor, time a token at the peak" '12 1536 768 0.13 0.0145 0.048 900' "$(for f in \
	replica_rate decode_rate offline_tokens_per_s_per_gpu offline_tpot_s decode_floor_s prefill_ttft_s; do
	field $f '.mean * 1e6 | round / 1e6'; done | xargs) $(field decode_rate .n)"
cat >replica-run.yaml <<'END'
scenario: replica
build-vs-buy: {parameters: {decode_rate: {evidence: replica.yaml, field: decode_rate}}}
throughput-vs-latency:
  parameters:
    offline_tokens_per_s_per_gpu: {evidence: replica.yaml, field: offline_tokens_per_s_per_gpu}
    offline_tpot_s: {evidence: replica.yaml, field: offline_tpot_s}
    decode_floor_s: {evidence: replica.yaml, field: decode_floor_s}
    prefill_ttft_s: {evidence: replica.yaml, field: prefill_ttft_s}
END
expect "a scenario takes them" 0 -- evaluate replica-run.yaml --point
echo '{"request_throughput": {"unit": "requests/sec", "avg": 2}, "request_count": {"avg": 100}, "time_to_first_token": {"unit": "ms", "avg": 195, "p50": 175}, "inter_token_latency": {"p50": 34}, "output_token_throughput": {"avg": 52}, "input_config": {"loadgen": {"concurrency": 2}}}' >ai.json
echo '{"records": {"ttft": {"p50": 15}, "request_throughput": {"avg": 3}, "inter_token_latency": {"p50": 4}, "output_token_throughput": {"avg": 30}}}' >>ai.json
steelyard import bench - --json <ai.json
same "aiperf, now and first" '3 52 0.004 0.015' "$(for f in replica_rate decode_rate decode_floor_s \
	prefill_ttft_s; do field $f '.mean * 1e6 | round / 1e6'; done | xargs)"
expect "no load test" 3 noout err 'GuideLLM' -- import bench openai.json

# --- a scenario that stands on evidence ----------------------------------------
steelyard import usage spend.jsonl -o chat.yaml
steelyard import usage spend.jsonl -o by-itself.yaml --scenario whole.yaml
check "a scenario of nothing but evidence" jq -e '[.scenarios[0].tradeoffs[0].provenance[]
	| select(.origin == "evidence") | .parameter] | contains(["requests_per_day",
	"input_tok", "output_tok", "peak_to_mean"])' \
	<(steelyard evaluate whole.yaml --point --json && cat "$work/out")
expect "nothing is written over" 7 err 'already' -- \
	import usage spend.jsonl -o by-itself.yaml --scenario whole.yaml
expect "a scenario without its evidence" 2 err '.-o FILE' -- \
	import usage spend.jsonl --scenario another.yaml
# six weeks tell the growth as well
awk 'BEGIN { for (d = 0; d < 42; d++) for (i = 0; i < 20 + d % 5; i++)
	printf "{\"request_id\": \"%d-%d\", \"startTime\": %d, \"prompt_tokens\": 300, \"completion_tokens\": 50, \"spend\": 0.5, \"model\": \"m\", \"team_id\": \"t\"}\n",
	d, i, 1785000000 + d * 86400 + i * 1300 }' >weeks.jsonl
steelyard import usage weeks.jsonl -o weeks.yaml --scenario weeks.scn
steelyard save weeks.scn --samples 256 --store weeks.db
steelyard export weeks build-vs-buy -o weeks --store weeks.db
check "the record is of the evaluation that was kept" \
	sh -c '! grep -q "computed anew" weeks/0001*'
check "its record lists no unmeasured parameter of the workload" \
	grep -q '^Every parameter of the workload was measured' weeks/0001*
cat >measured.yaml <<'END'
scenario: measured
workload:
  requests_per_day: {evidence: chat.yaml, field: requests_per_day}
  input_tok: {evidence: chat.yaml, field: input_tok}
  output_tok: {evidence: chat.yaml, field: output_tok}
build-vs-buy:
  parameters:
    cached_input_fraction: {evidence: chat.yaml, field: cached_input_fraction}
    retry_rate: {evidence: chat.yaml, field: retry_rate}
END
steelyard evaluate measured.yaml --json --samples 2048
same "evidence counts as measured" 'measured evidence 2026-09-10' "$(jq -r \
	'.scenarios[0].tradeoffs[0].provenance[] | select(.parameter == "input_tok")
	| "\(.kind) \(.origin) \(.date)"' out)"
before=$(jq -r '.scenarios[0].digest' out)
sed -i 's/p50: 300/p50: 301/' chat.yaml
steelyard evaluate measured.yaml --json --samples 2048
check "its content belongs to the digest" test "$before" != "$(jq -r '.scenarios[0].digest' out)"
SOURCE_DATE_EPOCH=1820000000 steelyard evaluate measured.yaml --json --point
check "old evidence is warned of" jq -e \
	'[.scenarios[0].tradeoffs[0].warnings[].code] | index("stale_evidence")' out
sed 's/field: input_tok}/field: input_toc}/' measured.yaml >wrong.yaml
expect "a field that is not there" 3 err 'wrong.yaml:4:.*did you mean .input_tok.' -- \
	evaluate wrong.yaml --point
sed 's/field: input_tok}/field: retry_rate}/' measured.yaml >wrong.yaml
expect "a field of another unit" 3 err 'token/request' -- evaluate wrong.yaml --point
sed 's/chat.yaml/gone.yaml/' measured.yaml >wrong.yaml
expect "evidence that is gone" 7 err 'wrong.yaml:3:.*gone.yaml' -- \
	evaluate wrong.yaml --point
sed 's/^scenario: measured/&\nstale_after: 5 day/; s/field: output_tok/&, stale_after: 30 day/' \
	measured.yaml >aging.yaml
expect "stale evidence is a trigger" 1 \
	out 'FAIL +trigger stale_evidence: chat.yaml .requests_per_day, .*2026-09-10 .*since 2026-09-16 .5 days.' \
	out 'ok +trigger stale_evidence: chat.yaml .output_tok. .*before 2026-10-11 .30 days.' -- \
	check aging.yaml
sed 's/5 day/5 hour/' aging.yaml >aged.yaml
expect "an age that is none" 3 err 'aged.yaml:2:14: .*1 day' -- check aged.yaml
steelyard decide measured.yaml build-vs-buy api_open --by me --store aging.db
steelyard accept D1 --store aging.db
expect "fresh evidence is none" 0 out 'ok +trigger stale_evidence' -- \
	check --all --store aging.db
SOURCE_DATE_EPOCH=1820000000 expect "a decision on stale evidence" 1 \
	out 'FAIL +trigger stale_evidence' -- check --all --store aging.db
cp chat.yaml before.yaml
sed -i 's/p50: 301/p50: 303/; s/2026-09-10/2027-08-10/' chat.yaml
SOURCE_DATE_EPOCH=1820000000 expect "check reads what was measured since" 1 \
	out 'ok +trigger stale_evidence: .*2027-08-10' -- check --all --store aging.db
expect "the record is of what was kept, and names the day" 0 -- \
	export D1 -o aging --store aging.db
check "as it was then" grep -q 'chat.yaml, measured up to 2026-09-10.*from 2026-12-10 on' aging/0001*
mv before.yaml chat.yaml
steelyard save measured.yaml --store s.db
sed -i 's/p50: 301/p50: 302/' chat.yaml
expect "a revision refuses evidence that has changed" 3 err 'changed since' -- \
	evaluate measured --point --store s.db

# --- tables ---------------------------------------------------------------------
cat >gate.yaml <<'END'
model: gate
title: Gate
question: q?
version: 1
horizon: 12 month
options: {a: {title: A}, b: {title: B}}
tables:
  scores: {required: no, columns: {score: {unit: "1", bounds: [0, 1]}, correct: boolean, seen: {unit: s}}}
parameters:
  wait: {unit: s, value: empirical(scores.seen)}
formulas:
  right: if(given(scores), column_mean(scores.correct), 0.5)
money:
  x: {account: staff, once: "right * 100 [USD] + wait * 1 [USD/s]"}
decision: {minimise: once, incumbent: a}
examples:
  - name: by hand
    tables: {scores: {score: [0.1, 0.9], correct: [no, yes], seen: [1 s, 3]}}
    expect: {right: 0.5, wait: 2 s}
END
cat >gated.yaml <<'END'
scenario: gated
model_files: [gate.yaml]
gate: {tables: {scores: {file: t.csv, columns: {score: conf, correct: "was right"}}}}
END
printf '\357\273\277conf,"was right",seen\r\n0.5,yes,1\r\n"0.75",no,3\r\n0.25,TRUE,2' >t.csv
expect "an example states its table" 0 -- models test gate.yaml
steelyard explain gated.yaml gate right --json --point
check "a column read through its file" jq -e '(.. | .value? // empty | numbers) == 0.6666666666666666' out
printf 'conf,"was right",seen\n0.5,maybe,1\n1.5,yes,x\n' >t.csv
expect "bad cells, each with its place" 3 noout err 't.csv:2:5: .*maybe' \
	err 't.csv:3:1: .*bounds' err 't.csv:3:9: .*no number' -- evaluate gated.yaml
printf 'conf,"was right",seen\n0.5,yes,"1\n' >t.csv
expect "a quote that is never closed" 3 noout err 't.csv:2:1: .*never closed' -- \
	evaluate gated.yaml
printf 'conf,right\n1,yes\n' >t.csv
expect "a column that is not there" 3 noout err 'no column .was right.' -- \
	evaluate gated.yaml
sed 's/^gate:.*/gate: {}/' gated.yaml >bare.yaml
expect "a table that is needed" 3 noout err 'name the table' -- evaluate bare.yaml

# a column drawn by a preset, beside a law: the mean of 1, 3, 8 and that of
# `1 to 3`, sqrt(3) exp((ln 3 / (2 x 1.6449))^2 / 2) = 1.8313, by halves
sed '/^examples/,$d; s/value: empirical(scores.seen)/value: 5/' gate.yaml >mixed.yaml
cat >>mixed.yaml <<'END'
presets:
  which:
    measured: {weight: 0.5, set: {wait: "empirical(scores.seen)"}}
    guessed: {weight: 0.5, set: {wait: 1 to 3}}
END
sed 's/gate.yaml/mixed.yaml/' gated.yaml >mixture.yaml
printf 'conf,"was right",seen\n0.5,yes,1\n0.5,no,3\n0.5,yes,8\n' >t.csv
steelyard explain mixture.yaml gate wait --json
check "a column within a preset" jq -e '[.. | .mean? // empty | numbers] | any(. > 2.90 and . < 2.93)' out
sed 's/scores: {file/other: {file/; s/^gate: .*/gate: {}/' mixture.yaml >bare.yaml
expect "and its table is asked for" 3 noout err 'takes its values from .scores.seen.' -- evaluate bare.yaml

# --- the real files ---------------------------------------------------------------
real=${STEELYARD_SHARED_DATA-}
if [ ! -r "$real/litellm_model_prices_2026-07-24.json" ]; then
	skip "the real files" "STEELYARD_SHARED_DATA names no folder that has them"
	done_testing
fi
steelyard import prices "$real/litellm_model_prices_2026-07-24.json" --json
same "13 mis-scaled entries of one provider, 74 zeros" '13 74' "$(jq -r \
	'[.facts.doubtful[] | select((.finding | startswith("implausible")) and (.model | startswith("wandb/")))]
	| length' out) $(jq -r '.notes[] | capture("^(?<n>[0-9]+) chat models have a price of zero") | .n' out)"
steelyard import usage "$real/AzureLLMInferenceTrace_conv.csv" --json
same "the chat trace's tokens" '1154.7 211.1 181 4083 41 451' "$(field input_tok \
	'.mean * 10 | round / 10') $(field output_tok '.mean * 10 | round / 10') $(field \
	input_tok_each '"\(.low) \(.high)"') $(field output_tok_each '"\(.low) \(.high)"')"
same "its peaks by window" '2.89 1.77 1.52 1.32' "$(jq -r \
	'[.facts.peaks[0:4][].peak_to_mean * 100 | round / 100] | join(" ")' out)"
steelyard import scores "$real/scores_cifar10.csv" --json
same "CIFAR-10, risk against coverage" '0.00100 0.00529 0.01325 0.03133 0.04768' "$(jq -r \
	'.facts.risk_coverage[] | select(.coverage == 0.5 or .coverage == 0.7 or .coverage == 0.8
	or .coverage == 0.9 or .coverage == 0.95) | .risk' out | xargs printf '%.5f ' | sed 's/ $//')"
# by numpy: argsort, cumulative sums, the mean over the ends of ties
same "above the best order" 0.00593552 "$(field aurc '.note | capture("; (?<e>[0-9.]+) above").e')"
steelyard import scores "$real/scores_cifar10.csv" --json --error-cost 60 \
	--review-cost 3.1512605042 --caught 0.85 --spoilt 0.01 --fix-cost 1
# numpy with 2,000 resamples: 0.98606 to 0.99201
check "its line" jq -e '.fields[] | select(.name == "threshold") | .mean == 0.988132298
	and .low > 0.985 and .low < 0.987 and .high > 0.991 and .high < 0.994' out
check "what it costs" grep -q '0.7748 of all, at 1.8785 USD an item; review all 4.4043, none 4.236' out
steelyard import scores "$real/scores_cifar10.csv" --json
same "its areas and calibration" '0.008492 0.92435 0.03259 2.325 0.1766' "$(printf \
	'%.6f %.5f %.5f %.3f %.4f' $(field aurc .mean) $(field auroc .mean) \
	$(field calibration_error .mean) $(field score_alpha .mean) $(field score_beta .mean))"
expect "a virtual currency" 0 out '100000 bought' -- \
	import focus "$real/focus_virtual_currency_a1.csv"
done_testing
