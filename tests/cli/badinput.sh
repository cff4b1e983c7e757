#!/usr/bin/env bash
# Every command with what people give it by mistake: the documented status, one
# clear line, no output that could be taken for an answer.
. "${SRCDIR:-.}/tests/lib.sh"
cd "$work" || exit 99
good=$SRCDIR/scenarios/support-chatbot-100k.yaml
cp "$good" good.yaml
mkdir folder
head -c 3000 /dev/urandom >noise
escape=$(printf 'a\033[31mb.yaml')

# What commands there are, by the manual: "NAME|WORDS THEY NEED".
"$STEELYARD" --print-docs=markdown |
	sed -n 's/^## `steelyard \([a-z]*\( [a-z]*\)\{0,1\}\)\( *\([A-Z|]* *\)*\).*/\1|\3/p' \
	>commands
check "the manual names the commands" test "$(wc -l <commands)" -gt 35

# fails WORD...: the call is refused, soundly and in few words.
fails() {
	steelyard "$@" </dev/null
	sound || { echo "$*"; return; }
	case $status in
	[2-7]) ;;
	*) echo "$*: status $status" ;;
	esac
	[ ! -s out ] || echo "$*: output"
	[ "$(grep -c . err)" -le 2 ] && [ -s err ] ||
		echo "$*: $(grep -c . err) lines of messages"
}

# fails_as_json WORD...: and is one document that says so.
fails_as_json() {
	steelyard "$@" --json </dev/null
	sound || echo "$* --json"
	jq -es 'length == 1 and (.[0] | .ok == false and
		.error.code == '$status')' out >/dev/null 2>&1 ||
		echo "$* --json: status $status, but no such document"
}

# One case a command: `why` is all that went wrong.
while IFS='|' read -r command needs; do
	n=$(wc -w <<<"$needs")
	rest=$(for i in $(seq 2 "$n"); do echo x; done)
	# shellcheck disable=SC2086
	why=$(fails $command --frobnicate
		case $needs in
		*[A-Z]*) fails $command ;;
		esac
		case $command in
		sweep | check | export | models* | log | doctor | completion) ;;
		store*) fails $command --store nowhere.db $rest x ;;
		*)	for bad in nowhere.yaml folder /dev/null noise \
				"$escape" ''; do
				fails $command "$bad" $rest
			done
			fails_as_json $command nowhere.yaml $rest ;;
		esac)
	same "$command" "" "$why"
done <commands
expect "an unknown shell" 2 noout err 'bash zsh' -- completion tcsh
expect "check of a missing file" 7 noout err 'nowhere' -- check nowhere.yaml
expect "a policy that is none" 3 noout err 'noise' -- \
	check good.yaml --point --policy noise
expect "models of a folder" 7 noout err 'folder' -- models lint ./folder

# What succeeds elsewhere fails on a full disk.
for call in 'models list' 'models list --csv' 'models show build-vs-buy' \
	'models lint --json' 'doctor --json' 'completion bash' \
	'check good.yaml --point --csv' 'diff good.yaml good.yaml --point' \
	'plan good.yaml --point' 'explain good.yaml build-vs-buy objective --point' \
	'sweep good.yaml --point --vary requests_per_day=1k..2k:3'; do
	# shellcheck disable=SC2086
	"$STEELYARD" $call >/dev/full 2>err
	same "/dev/full: $call" "7 1" "$? $(grep -c . err)"
done

# --- many files, odd names ---------------------------------------------------

cat >small.yaml <<'END'
model: small
title: Two lines
question: Left or right?
version: 1
horizon: 12 month
options: {left: {title: Left}, right: {title: Right}}
parameters:
  need: {title: Need, unit: "1", value: 5, bounds: [0, 10]}
formulas:
  net: {by: option, left: need, right: 4}
decision: {maximise: net, incumbent: left}
END
mkdir many
for i in $(seq 10000 19999); do
	echo "{scenario: s$i, model_files: [../small.yaml], small: {}}" \
		>many/$i.yaml
done
echo '{scenario: s, small: [}' >many/15000.yaml
expect "10,000 files, one of them broken" 3 err '^steelyard: 1 of 10000 cases' \
	-- sweep many --point
same "are 10,000 lines" 10000 "$(grep -c '^[0-9]' out)"
same "one of which holds its error" 1 "$(grep -c '15000.yaml:1:' out)"
same "the others their answers" 9999 "$(grep -c '"left"' out)"

mkdir odd
name=$'odd/new\nline "q" $(touch gone).yaml'
cp "$good" "$name"
cp "$good" "odd/$escape"
expect "names with newlines, quotes and escapes" 0 noerr -- sweep odd --point
same "are a line each" 3 "$(wc -l <out)"
: >"$name"
expect "and in messages" 3 err '1 of 2' -- sweep odd --point
same "too" 3 "$(wc -l <out)"
check "nothing ran" test ! -e gone
expect "a name of 5,000 letters" 7 noout err 'xxx' -- \
	evaluate "$(head -c 5000 /dev/zero | tr '\0' x).yaml"

# --- tables ------------------------------------------------------------------

# cases NAME STATUS REGEX TEXT
cases_file() {
	printf '%b' "$4" >cases.csv
	expect "$1" "$2" ${3:+err "$3"} -- sweep good.yaml --point \
		--cases cases.csv
}
cases_file "a byte-order mark, CRLF, quotes" 0 '' \
	'\xef\xbb\xbfname,"requests_per_day"\r\n"a ""b"", c",5k\r\n'
same "one row" 1 "$(grep -c '"a ""b"", c"' out)"
cases_file "an extra cell" 3 'cases.csv:2:.* 3 cells' \
	'name,requests_per_day\na,5k,7\n'
cases_file "a missing cell" 3 'cases.csv:3:.* 1 cells' \
	'name,requests_per_day\na,5k\nb\n'
cases_file "an unknown column" 2 'requests_pr_day' 'name,requests_pr_day\na,5k\n'
cases_file "a quote that never closes" 3 'cases.csv:2' \
	'name,requests_per_day\n"a,5k\n'
cases_file "another separator" 2 '.' 'name;requests_per_day\na;5k\n'
cases_file "no header" 3 'empty|no row' ''
cases_file "an empty name of a column" 3 'cases.csv:1' 'name,\na,5k\n'
cases_file "UTF-16" 3 'cases.csv' '\xff\xfen\0a\0m\0e\0'

# --- a signal in the middle --------------------------------------------------

long='good.yaml --samples 4096 --threads 1 --vary requests_per_day=10k..1M:100000'
# shellcheck disable=SC2086
for to in out.csv /dev/null; do
	if [ $to = out.csv ]; then set -- -o out.csv; else set --; fi
	grown=stdout
	[ $to = /dev/null ] || grown=out.csv.part
	rm -f "$grown"
	# its own job: what a script starts with & would ignore SIGINT else
	set -m
	"$STEELYARD" sweep $long "$@" >stdout 2>err &
	set +m
	until [ -e $grown ] && [ "$(wc -l <$grown)" -gt 2 ] ||
		! kill -0 $! 2>kill.err; do :; done
	kill -INT $!
	wait $! 2>kill.err
	same "SIGINT in a sweep: status" 130 $?
	same "one line says so" 1 "$(grep -c '^steelyard: interrupted' err)"
	[ $to = out.csv ] || continue
	check "and how to go on" grep -q -e --resume err
done
check "to standard output whole lines were written" \
	test "$(tail -c 1 stdout | od -An -tx1 | xargs)" = 0a
check "with -o what was done is kept, and marked as a part" \
	grep -q '^#steelyard.sweep/1' out.csv.part
done_testing
