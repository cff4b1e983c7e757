#!/usr/bin/env bash
# breakeven: tables, the map of two parameters, and what cannot be asked.
. "${SRCDIR:-.}/tests/lib.sh"
cd "$work" || exit 99
cp "$SRCDIR"/scenarios/support-chatbot-100k.yaml one.yaml
one="one.yaml build-vs-buy requests_per_day"

# The map has costs of 2 x, y and 8 + noise: boundaries y = 2x, x = 4, y = 8.
mkdir own
cat >own/own.yaml <<'YAML'
model: own
title: Own
question: Which?
version: 1
horizon: 1 month
options:
  double: {title: Twice x}
  plain: {title: Just y}
  fixed: {title: Eight}
parameters:
  x: {unit: "1", value: "uniform(1, 5)", bounds: [1, 10]}
  y: {unit: "1", value: 6, bounds: [1, 10]}
  noise: {unit: "1", value: "normal(0, 1)"}
formulas:
  cost: {by: option, double: 2 * x, plain: y, fixed: 8 + noise}
decision: {minimise: cost, incumbent: double}
YAML
cat >own.yaml <<'YAML'
scenario: own
model_files: [own/own.yaml]
own: {}
YAML

# A stair that the line passes for less than a cell of the grid: a wins from the
# start unless steep * wide > 9, which is true of .5396 of the draws (quadrature).
cat >own/stair.yaml <<'YAML'
model: stair
title: Stair
question: Which?
version: 1
horizon: 1 month
options: {line: {title: A line}, stairs: {title: Stairs}}
parameters:
  q: {unit: "1", value: 20 to 90, bounds: [1, 200]}
  steep: {unit: "1", value: "triangular(-0.3, 0.9, 2)"}
  wide: {unit: "1", value: "uniform(5, 20)"}
formulas:
  cost: {by: option, line: q * steep + 5, stairs: 12 * ceil(q / wide) + 2}
decision: {minimise: cost, incumbent: line}
YAML
printf 'scenario: stair\nmodel_files: [own/stair.yaml]\nstair: {}\n' >stair.yaml
expect "short crossings" 0 -- breakeven stair.yaml stair q --json
# 0.46 within four standard errors of .007
check "are found" jq -e '.break_even[0].p_never | . > 0.432 and . < 0.488' \
	"$work/out"

# E x^2 = 1.43 of a lognormal x with median 1
cat >own/near.yaml <<'YAML'
model: near
title: Near
question: Which?
version: 1
horizon: 1 month
options: {square: {title: Square}, flat: {title: Flat}}
parameters: {x: {unit: "1", value: 0.5 to 2}}
formulas: {cost: {by: option, square: x ^ 2, flat: 1.2}}
decision: {minimise: cost, incumbent: flat}
YAML
printf 'scenario: near\nmodel_files: [own/near.yaml]\nnear: {}\n' >near.yaml

expect "whoever wins oftener is told" 0 out 'but where it beats the advised one' \
	-- evaluate near.yaml
steelyard evaluate near.yaml --json
check "and by how much" jq -e '.scenarios[0].tradeoffs[0].verdict |
	.option == "flat" and .best_more_often.option == "square" and
	(.best_more_often | (.probability_best - 0.58563 | fabs < 0.001) and
	 (.wins_by - 0.55333 | fabs < 0.001) and
	 (.loses_by - 1.32844 | fabs < 0.005))' "$work/out"
expect "the map in characters" 0 out 'Twice x is best in 19 %' \
	-- breakeven own.yaml own x --versus y
check "with a capital where it is sure" grep -q AAAA "$work/out"
check "meeting point" grep -q 'meet near 4 and 8' "$work/out"
expect "as a document" 0 -- breakeven own.yaml own x --versus y --json
cp "$work/out" map.json
# linear differences: exact, but for the cell of 1/96 where the three meet
check "whose boundaries are the lines" jq -e '
	(.frontier.draws > 0) and
	([.frontier.boundaries[] | select(.between == ["double", "plain"]) |
	  .points[] | (.[1] - 2 * .[0] | fabs) < 0.01] | all) and
	([.frontier.boundaries[] | select(.between == ["double", "fixed"]) |
	  .points[] | (.[0] - 4 | fabs) < 0.02] | length > 9 and all) and
	(.frontier.here == "double" or .frontier.here == "plain")' map.json
check "and contours stand where the noise lets them" jq -e '
	[.frontier.contours[] | select(.option == "fixed" and
	  .probability == 0.9) | .points[] | select(.[1] > 9.5) |
	  .[0] - 4.64 | fabs < 0.06] | length > 0 and all' map.json
expect "equal digits with three threads" 0 -- breakeven own.yaml own x \
	--versus y --json --threads 3
check "the same bytes" cmp "$work/out" map.json
steelyard breakeven own.yaml own x --versus y --csv
check "as rows" grep -q '^boundary,double,plain,,' out
expect "as a drawing" 0 out '<polyline' \
	-- breakeven own.yaml own x --versus y --svg
expect "central values" 0 out 'at central values' \
	-- breakeven own.yaml own x --versus y --point

steelyard breakeven $one --csv
check "crossings as rows" grep -q '^"requests_per_day","request/day","pair"' out
# 2 x = 7 at 3.5; the steps of ceil(x) reach 4.5 in a jump at 4; y moves none
expect "an output reaches a value" 0 out 'Twice x .at the centre 6.: reached at 3.5 .rising.' \
	-- breakeven own.yaml own x --goal objective=7 --point
expect "as an expression" 0 out 'reached at 4 .rising, in a jump.' \
	-- breakeven own.yaml own x --goal 'ceil(x) = 4.5' --point
expect "with its spread" 0 -- breakeven own.yaml own x \
	--goal 'x + noise = 4' --json
check "of the draws" jq -e '.goals[0] | .option == null and
	(.p50 - 4 | fabs < 0.02) and (.p95 - 5.645 | fabs < 0.05) and
	(.crossings[0].at - 4 | fabs < 0.01) and .state == "crossings" and
	(.p_above - 0.0013 | fabs < 0.004)' "$work/out"
expect "too few draws for a spread" 0 out 'too few for an interval' \
	-- breakeven own.yaml own x --goal 'x + noise = 12'
expect "another winner than the verdict's is told" 0 out \
	'puts Square first, while in the verdict' -- \
	breakeven near.yaml near x
expect "what does not move" 0 out 'does not move it' \
	-- breakeven own.yaml own y --goal 'x = 4'
steelyard breakeven own.yaml own x --goal objective=7 --csv
check "goals as rows" grep -q '^"objective","double","1",7,' out
for goal in x =3 nonsense=3 'objective=3 km' 'objective=1 to 3' \
	'objective[four]=3'; do
	expect "no goal: $goal" 2 err 'goal' \
		-- breakeven own.yaml own x --goal "$goal"
done
expect "no second parameter of that name" 2 err 'nothing' \
	-- breakeven $one --versus nothing
expect "the same parameter twice" 2 err 'one parameter' \
	-- breakeven $one --versus requests_per_day
expect "a drawing of what" 2 err 'versus' -- breakeven $one --svg
for name in sobol mc lhs; do
	expect "--sampler $name" 0 out 'replicates' \
		-- breakeven $one --sampler $name
done
done_testing
