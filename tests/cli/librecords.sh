# A store of fourteen decisions on one question, in every status and succession,
# with text at its worst; read behind tests/lib.sh.  Leaves log.json.
export SOURCE_DATE_EPOCH=1795500000
model=build-vs-buy

# Everything a person may type, at its worst.
cat >bot.yaml <<'Y'
scenario: bot
title: '<script>alert(1)</script> | # [x](javascript:1) =1+1 &amp; `c`'
workload: {requests_per_day: 100k}
build-vs-buy: {}
Y
nasty='=HYPERLINK("http://e.x/"); <img src=x onerror=y> | [a](javascript:2)'
esc=$(printf '\033]52;c;QQ==\007\033[31m')

# decide OPTION [WORD...]: one more decision on the same question.
decide() {
	local option=$1
	shift
	steelyard decide bot.yaml $model "$option" --samples 1024 \
		--by "=cmd|'/c calc'!A1" --by 'Doe, <b>Jo</b>' \
		--because "$nasty $esc" "$@"
	[ "$status" = 0 ] || fail "decide" "$(cat "$work/err")"
}

step() {
	steelyard "$@"
	[ "$status" = 0 ] || fail "$*" "$(cat "$work/err")"
}

# statuses: each with no, one and two records that it takes the place of
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14; do
	decide "$([ $((i % 2)) = 0 ] && echo api_open || echo api_closed)" \
		--tag 'AI Cost' --review 2027-02-01
done
for d in D2 D4 D7 D10 D11; do step accept $d --by Ann; done
step reject D3 --because 'too dear'
step deprecate D4 --because 'nobody asks any more'
step supersede D5 D7 --because 'prices fell'
step supersede D6 D7
step supersede D8 D9
step supersede D10 D11
step supersede D12 D13
step supersede D14 D13
step supersede D13 D2
step deprecate D11
steelyard log --decisions --json --limit 100
cp "$work/out" log.json
