#!/usr/bin/env bash
# The dialogue in lines: answers from a pipe, the same lines for the same
# answers, drafts taken up, no terminal and no escapes anywhere.
. "${SRCDIR:-.}/tests/lib.sh"

scenario=$SRCDIR/scenarios/support-chatbot-100k.yaml

# talk STORE ANSWER...: one answer a line.
talk() {
	local store=$1
	shift
	printf '%s\n' "$@" |
		"$STEELYARD" --plain --samples 4096 --store "$work/$store" "$scenario"
}

first=$(talk a.db '?' verdict '5 to 4' help quit) || fail "a dialogue ends"
has() { # NAME TEXT: a line that begins so
	case $first in
	*"$2"*) pass "$1" ;;
	*) fail "$1" "$first" ;;
	esac
}
has "says how the trade-off stands" "Build vs buy: "
has "asks a question" "Question 1: "
has "says what the answer is worth" "A sure answer would save "
has "goes on after what is not known" "Question 2: "
has "refuses a bad value and says why" "Not taken: "
has "lists its commands" "undo: take the last answer back"

same "one thread says the same" "$first" \
	"$(OMP_NUM_THREADS=1 talk b.db '?' verdict '5 to 4' help quit)"
if printf '%s' "$first" | LC_ALL=C grep -q "$(printf '[\001-\010\013-\037]')"
then
	fail "no control characters"
else
	pass "no control characters"
fi

asked() { sed -n "s/^Question $1: //p" | head -1; }
second=$(printf '%s\n' "$first" | asked 2)
same "what was not known stays answered" "$second" \
	"$(talk a.db quit | asked 1)"
same "undo asks it again" "$(printf '%s\n' "$first" | asked 1)" \
	"$(talk a.db undo quit | asked 2)"

# What nobody stated of the workload comes before what is worth most; who does
# not know it is told so at the end, who states it is not.
unstated() { printf '%s\n' "${@:2}" | "$STEELYARD" --plain --samples 4096 \
	--store "$work/$1.db" "$work/own-volume.yaml"; }
printf 'scenario: own-volume\nbuild-vs-buy: {}\n' >"$work/own-volume.yaml"
said=$(unstated volume 35k quit)
same "a volume that nobody stated is asked first" \
	"How many requests a day does the busiest month average?" \
	"$(printf '%s\n' "$said" | asked 1)"
case $(printf '%s\n' "$said" | asked 2) in
''|*"requests a day"*) fail "and once" "$said" ;;
*) pass "and once" ;;
esac

# Nothing is left to do elsewhere: each panel of the screen has its command.
more=$(talk d.db 'about build-vs-buy' 'list requests' worth why plan \
	'set volume_growth = 10 %' compare decide \
	'decide api_open; review next year' \
	'decide api_open; because cheap; by Ann, Bo; review 2127-01-01' \
	decisions 'accept D1 board' "export html $work/recs" 'drop 1' \
	'source workload.requests_per_day = measured: our logs, 2026-11-01' \
	'source nobody = measured' \
	"new $work/own.yaml" 'drop 2' 'ask 2' 'about 9' 'accept' frob)
tells() { # NAME TEXT
	case $more in
	*"$2"*) pass "$1" ;;
	*) fail "$1" "$more" ;;
	esac
}
tells "says what can be typed" "or type help, verdict, list, undo, save or quit"
tells "lists values with names" "Set as workload.requests_per_day"
tells "tells what to measure" "Worth finding out"
tells "explains the advice" "<-"
tells "plans" "together"
tells "compares with what was opened" "What changed:"
tells "lists options to decide on" "api_open (Call a managed open model)"
tells "checks the review date" "this is no date: write 2027-06-30"
tells "states a source" "measured: our logs, 2026-11-01"
tells "needs a name for it" "write the name that list tells"
tells "proposes" "D1 proposed: Call a managed open model"
tells "tells decisions" "Because: cheap. Decided by Ann, Bo. Review on 2127"
tells "accepts" "D1 is accepted"
tells "exports" "created $work/recs/0001-"
tells "keeps one trade-off" "the only trade-off"
tells "begins a scenario" "opened own"
tells "says what a command takes" "Not taken: write accept D1 [BECAUSE]"
tells "no such trade-off" "'9' is no trade-off"
tells "ends with the verdicts" "So it stands:"
check "the file is there" grep -q "^scenario: own" "$work/own.yaml"
case $more in
*██* | *'##'*) fail "no bars" ;;
*) pass "no bars" ;;
esac
case $(talk e.db '60,000' 'workload.requests_per_day = 60,000' 'list requests per day') in
*"Requests per day: 60000 request/day"*) pass "thousands as typed" ;;
*) fail "thousands as typed" ;;
esac

case $(talk c.db 'workload.requests_per_day = 5M' verdict save) in
*"saved as support-chatbot-100k r1"*) pass "sets by name and saves" ;;
*) fail "sets by name and saves" ;;
esac
check "the revision holds the value" \
	grep -q 5M <("$STEELYARD" show --store "$work/c.db" support-chatbot-100k)

# A file that was begun or opened here holds what was saved: the command line
# gives the verdict of the dialogue.  What another wrote meanwhile is not written over.
own=$work/sub/kept.yaml
mkdir -p "$work/sub"
said=$(talk f.db "new $own" 'workload.requests_per_day = 3M' save \
	'about build-vs-buy' verdict q)
case $said in
*"saved as kept r1, and in kept.yaml"*) pass "saves into the file" ;;
*) fail "saves into the file" "$said" ;;
esac
best=$(printf '%s\n' "$said" | sed -n 's/^1 Build vs buy: \([^,]*\),.*/\1/p' |
	tail -1)
"$STEELYARD" evaluate --samples 4096 --store "$work/f.db" "$own" >"$work/out"
check "the command line gives its verdict" \
	grep -q "^Build vs buy: ${best:-none}" "$work/out"
coproc "$STEELYARD" --plain --samples 1024 --store "$work/g.db" "$own" 2>&1
exec 3<&"${COPROC[0]}" 4>&"${COPROC[1]}"
echo 'workload.requests_per_day = 5M' >&4
while read -r line <&3; do      # once it answers it has read the file
	case $line in '> '*) break ;; esac
done
echo 'horizon: 24' >>"$own"
printf 'save\nq\n' >&4
exec 4>&-
case $(cat <&3) in
*"kept.yaml was changed by another and stays"*) pass "not over a change" ;;
*) fail "not over a change" ;;
esac
check "the change is still there" grep -qx 'horizon: 24' "$own"
"$STEELYARD" --plain "$work/none.yaml" </dev/null >"$work/out" 2>&1
same "a scenario that is not there" 7 $?
done_testing
