#!/usr/bin/env bash
# calibration: what was measured against what had been expected.
. "${SRCDIR:-.}/tests/lib.sh"
cd "$work" || exit 99
cp "$SRCDIR"/scenarios/support-chatbot-100k.yaml one.yaml
name=$(sed -n 's/^scenario: *//p' one.yaml)
few='--samples 256'
export LOGNAME=$'=ada\033[31m'

# holds NAME REGEX...: each in the output, wherever a line was broken.
holds() {
	local name=$1 one
	one=$(tr -s ' \n' ' ' <out)
	shift
	for regex; do
		grep -qE "$regex" <<<"$one" || { fail "$name" "$regex: $one"; return; }
	done
	pass "$name"
}

# at SECONDS ARGUMENT...: the program on another day.
at() {
	SOURCE_DATE_EPOCH=$1 steelyard "${@:2}"
}
spring=1774000000		# 2026-03-20
at $spring save one.yaml $few --set requests_per_day='80k to 200k'
at $((spring + 86400)) save one.yaml $few --set requests_per_day=100k

expect "nothing was measured" 0 noerr out 'No measurement' -- calibration
expect "no such scenario" 2 noout err nobody -- calibration nobody
at $((spring + 99)) actual "$name" requests_per_day 300k --to 2026-03-20
steelyard calibration --json
check "the closed form of the lognormal" grep -q '"crps": 148023.0569' out
check "its position" grep -q '"pit": 0.99903426' out
check "log error" grep -q '"log_error": 0.86361' out
same "the later revision was no forecast" 1 "$(grep -c '"revision"' out)"
check "outside" grep -q '"inside": false' out

# A value without a range tells nothing of ranges.
at $((spring + 1100000)) actual "$name" requests_per_day 90k --to 2026-04-01
steelyard calibration
holds "one value, no range" '0 of 1 inside' '1 without a range' \
	'r2 by =ada[^;]*said 100k \(one value, no range\); off by 10k'

at $((spring + 172800)) save one.yaml $few \
	--set requests_per_day='80k to 200k' --set gpu_hour_price='2 to 4 USD/h/GPU'
for month in 05 06 07 08 09 10 11; do
	at 1796100000 actual "$name" requests_per_day ${month#0}0k \
		--from 2026-$month-01 --to 2026-$month-28
done
steelyard actual "$name" 'build-vs-buy.monthly[self_host] at 1' 30k \
	--to 2026-06-01
# 50k to 70k and the 300k of before lie outside; the third revision, saved before
# April came, tells of it as well.
steelyard calibration "$name"
holds "in groups" 'estimator =ada[^:]*: 6 of 10 inside' \
	'model build-vs-buy: 1 of 1' 'parameter requests_per_day: 5 of 9' \
	'ranges 2.1 times as wide'
check "no escapes" test -z "$(grep $'\033' out)"
steelyard calibration --json
same "every forecast of each measurement" 28 "$(grep -c '"revision"' out)"
check "draws of an output" grep -q '"kind": "output"' out
tool=$BUILDDIR/tests/cli/schema_check
if [ -x "$tool" ]; then
	check "JSON" "$tool" calibration-1 out
else
	skip "JSON" "schema_check is not built"
fi
steelyard calibration --csv
check "CSV: no formula" grep -q "^\"$name\",\"\",\"requests_per_day\".*\"'=ada" out
same "a row a forecast" 29 "$(grep -c , out)"

# Nobody is told of others; who estimates again is.
steelyard save one.yaml $few
holds "who saves again hears of it" \
	'note: of 9 measurements .* 5 lay inside .* times as wide'
steelyard evaluate one.yaml $few
holds "and who evaluates" 'of 9 measurements of what =ada'
expect "in JSON, too" 0 out '"code": "calibration"' -- evaluate one.yaml \
	$few --json
LOGNAME=bob
expect "another does not" 0 out '^saved' -- save one.yaml $few
check "bob made no estimates" test -z "$(grep note: out)"
done_testing
