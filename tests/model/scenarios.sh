#!/usr/bin/env bash
# Every scenario that comes along gives the verdict that it says it gives, and
# every model its reference values.
. "${SRCDIR:-.}/tests/lib.sh"
cd "$SRCDIR" || exit 99

for scenario in scenarios/*.yaml; do
	expect "$scenario" 0 noerr out 'as expected' \
		-- evaluate --expect "$scenario"
done
expect "the models' own examples" 0 noerr out 'expectations hold' -- models test
done_testing
