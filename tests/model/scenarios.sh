#!/usr/bin/env bash
# Every scenario that comes along gives the verdict that it says it gives, and
# the long illustrations of the language give their reference values.
. "${SRCDIR:-.}/tests/lib.sh"
cd "$SRCDIR" || exit 99

for scenario in scenarios/*.yaml; do
	expect "$scenario" 0 noerr out 'as expected' \
		-- evaluate --expect "$scenario"
done
for model in tests/model/*.yaml; do
	expect "$model" 0 noerr out 'expectations hold' -- models test "$model"
done
expect "the models' own examples" 0 noerr out 'expectations hold' -- models test
done_testing
