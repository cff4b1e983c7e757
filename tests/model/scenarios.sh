#!/usr/bin/env bash
# Every scenario that comes along gives the verdict that it says it gives, and
# every model its reference values.
. "${SRCDIR:-.}/tests/lib.sh"
cd "$SRCDIR" || exit 99

for scenario in scenarios/*.yaml; do
	expect "$scenario" 0 noerr out 'as expected' \
		-- evaluate --expect "$scenario"
done
# All six together: one choice of 21,168.  Every combination that differs in one
# option, and others taken at random, were bound by themselves with `assume:` and
# cost more; tests/unit/test_joint.c enumerates a smaller world in full.
if command -v jq >/dev/null; then
	steelyard plan scenarios/document-desk.yaml --samples 1024 --json
	same "the joint choice of document-desk" "clean_then_collect ft_large \
auto_audit api_batch api_open simple" "$(jq -r '.choices[0].options |
		[.["quantity-vs-quality", "prompt-vs-finetune",
		   "automation-vs-oversight", "throughput-vs-latency",
		   "build-vs-buy", "complexity-vs-maintainability"]] |
		join(" ")' "$work/out")"
else
	skip "the joint choice of document-desk" "jq is not here"
fi
expect "the models' own examples" 0 noerr out 'expectations hold' -- models test
done_testing
