#!/usr/bin/env bash
# compare and diff: what changed, and shares that add up.
. "${SRCDIR:-.}/tests/lib.sh"
cd "$work" || exit 99
cp "$SRCDIR/scenarios/support-chatbot-100k.yaml" a.yaml
few='--samples 1024'
cat >b.yaml <<'EOF'
scenario: support-chatbot-100k
title: Another title, which decides nothing
prices: {as_of: 2026-07-24}
workload:
  requests_per_day: {p5: 8M, p50: 10M, p95: 12M}
  output_tok: 150
build-vs-buy:
  parameters: {gpu_hour_price: 1.5 USD/h/GPU}
EOF

expect "two files" 0 out 'workload/requests_per_day: .*100k.* -> .*10M' \
	noerr -- compare a.yaml b.yaml $few
check "what was not set says so" grep -q 'gpu_hour_price: (not set) -> 1.5' out
check "a title is no change" eval '! grep -q Another out'
expect "as a document" 0 -- compare a.yaml b.yaml $few --json
shares() {
	jq -r '.tradeoffs[].figures[] | select(.shares) |
		"\(.name) \(.change) \([.shares[].value] | add)"' out |
		awk '{ d = $2 - $3; if (d < 0) d = -d; m = $2 < 0 ? -$2 : $2
			print $1, (d <= 1e-9 * m + 1e-12 ? "adds up" : "differs") }'
}
same "whose shares add up" "advised adds up
lead adds up
probability_best adds up" "$(shares)"
cp out compared
# What the points have in common falls out of a difference.
check "figures have errors, and a change one of its own" jq -e '
	.tradeoffs[0].figures[0] | .then_se > 0 and .now_se > 0 and
	.change_se > 0 and .change_se < .then_se + .now_se and
	([.shares[].se] | all(. >= 0))' out

# The ends are what `evaluate` says of the two files.
steelyard evaluate b.yaml $few --json
same "the figures are those of evaluate" \
	"$(jq '.scenarios[0].tradeoffs[0] | .verdict.option as $o |
		.options[] | select(.name == $o) | .mean' out)" \
	"$(jq '.tradeoffs[0].figures[0].now' compared)"

expect "the same file twice" 0 out 'nothing that decides' -- \
	compare a.yaml a.yaml $few

expect "diff tells the difference alone" 0 out 'cost|costs' -- \
	diff a.yaml b.yaml $few
check "without shares" eval '! grep -q Shapley out'
expect "a flipped advice by status" 1 out 'the advice changed' -- \
	diff a.yaml b.yaml $few --exit-code
expect "no flip" 0 out 'the advice stands' -- diff a.yaml a.yaml $few --exit-code
expect "as a comment" 0 out '^\| trade-off \| then \| now' -- \
	diff a.yaml b.yaml $few --markdown
expect "central values" 0 out 'advice' -- compare a.yaml b.yaml --point

# --- over time ------------------------------------------------------------------

cp -r "$SRCDIR/models" "$SRCDIR/scenarios" .
STEELYARD_DATA=$work
expect "a revision is saved" 0 -- save a.yaml $few
sed -i 's/input: 0.15, output: 0.6, cached_input: 0.075/input: 9, output: 0.6, cached_input: 0.075/' \
	models/prices.yaml
expect "today against it: the prices are not those of then" 0 \
	out 'the price list' -- compare support-chatbot-100k $few
expect "and the rest is as it was" 0 out '"changes": \[\]' -- \
	compare support-chatbot-100k $few --json
expect "no such revision" 2 err 'nobody' -- compare nobody a.yaml $few
echo 'scenario: [' >bad.yaml
expect "a broken file" 3 err 'bad.yaml:[0-9]+:' -- compare a.yaml bad.yaml $few
done_testing
