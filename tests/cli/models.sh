#!/usr/bin/env bash
# The models: listed, shown, tested, criticised.
. "${SRCDIR:-.}/tests/lib.sh"
cd "$work" || exit 99

expect "list" 0 noerr out '^build-vs-buy ' out 'self_host' -- models list
expect "models alone lists" 0 noerr out '^build-vs-buy ' -- models
expect "show" 0 noerr out 'Parameters' out 'requests_per_day' out 'Formulas' \
	out 'Decision' -- models show build-vs-buy
expect "what else a reviewer asks for" 0 noerr \
	out 'chat_users +0.5 +patience_mean_s = 12 to 75  .s.' \
	out 'load_test .*replica' out 'observes a mean, replica_cap_rps; n: 1 to 20' \
	out 'indifferent below 500 USD' out 'utilisation  *Use of the machines' \
	-- models show throughput-vs-latency
check "prose within 80 columns" test -z \
	"$(grep -E '^ +(source|observes|[A-Z].*\?$)' out | grep -E '.{81}')"
steelyard models show throughput-vs-latency --json
same "and a program" '0.5 "12 to 75" "load_test" 20 500' \
	"$(jq -rc '[(.presets[0].choices[] | select(.name == "chat_users") |
	.weight, .set.patience_mean_s), (.studies[0] | .name, .to),
	.decision.indifferent_below] | map(tojson) | join(" ")' out)"
expect "show --tape" 0 noerr out 'instructions' out 'results:.*self_host' \
	-- models show build-vs-buy --tape
expect "show of a file" 0 noerr out 'build-vs-buy|own' \
	-- models show "$SRCDIR/models/build-vs-buy.yaml"
expect "the reference cases hold" 0 noerr \
	out '^build-vs-buy: ([0-9]+) of \1 expectations hold' -- models test
expect "of one model" 0 noerr out 'expectations hold' -- models test build-vs-buy
expect "lint" 0 noerr out 'nothing to object to' -- models lint

# A broken reference case is found.
sed 's/^model: build-vs-buy$/model: own/' "$SRCDIR/models/build-vs-buy.yaml" \
	>own.yaml
expect "a copy holds as well" 0 out 'own' -- models test ./own.yaml
awk '/expect:/ { seen = 1 }
	seen && !done && /: [0-9][0-9.]*([, }]|$)/ {
		sub(/: [0-9][0-9.]*/, ": 123456.5"); done = 1
	}
	{ print }' own.yaml >wrong.yaml
expect "a wrong expectation fails" 1 noerr out 'wrong.yaml:[0-9]+: ' \
	out 'wanted 123456.5' -- models test ./wrong.yaml

# What cannot be taken is asked for by its reason.
cat >"$work/status.yaml" <<'END'
model: fits
title: Fits
question: Does it fit?
version: 1
horizon: 1 month
options: {small: {title: Small}, large: {title: Large}, slow: {title: Slow}}
parameters: {load: {unit: "1", value: 3}}
formulas: {cost: {by: option, small: 1, large: 5, slow: 2}}
decision: {minimise: cost, incumbent: large}
requires: [{reason: too_small, for: small, when: load > 2}]
constraints: [{id: speed, require: is(not slow), flags: slo}]
examples:
  - name: as it is
    expect: {verdict: large, "status[small]": too_small, "status[large]": ok, "status[slow]": slo_missed}
  - name: nothing at all
    given: {load: 1}
    expect: {verdict: none, "status[small]": too_small}
END
expect "statuses of an example" 1 noerr out 'wanted none' out 'wanted too_small' \
	out '4 of 6 expectations hold' -- models test ./status.yaml
sed '/status\[small\]": too_small}/d; s/verdict: none, /verdict: huge, /' \
	"$work/status.yaml" >"$work/nobody.yaml"
printf '    expect: {verdict: huge}\n' >>"$work/nobody.yaml"
expect "an option that is not there" 3 err 'no option .huge' \
	-- models test ./nobody.yaml

if command -v jq >/dev/null; then
	for call in 'models list' 'models show build-vs-buy' 'models test' \
		'models lint' 'models show build-vs-buy --tape'; do
		# shellcheck disable=SC2086
		steelyard $call --json
		check "JSON: $call" jq -e '.ok and (.schema |
			startswith("steelyard."))' "$work/out"
	done
else
	skip "JSON documents" "jq is not here"
fi

# Installed or not, the data are found; where they are not, it is said.
STEELYARD_DATA=$work/nowhere expect "no data" 7 noout err 'nowhere|models' \
	-- models list
done_testing
