#!/usr/bin/env bash
# Where output goes: full disks, closed streams, readers that went away.
. "${SRCDIR:-.}/tests/lib.sh"
cd "$work" || exit 99
cp "$SRCDIR"/scenarios/support-chatbot-100k.yaml one.yaml

# status_of SHELL-COMMAND
status_of() {
	bash -c "$1" 2>"$work/err" </dev/null
	echo $?
}

sy="'$STEELYARD'"
for call in --help --version 'evaluate --point one.yaml' \
	'evaluate --point --json one.yaml' 'models list' \
	'evaluate --json nowhere.yaml'; do
	same "/dev/full: $call" 7 "$(status_of "$sy $call >/dev/full")"
done
same "closed standard output" 7 "$(status_of "$sy --help >&-")"
check "says so" grep -q 'standard output' "$work/err"
same "closed standard input" 7 "$(status_of "$sy evaluate - <&-")"
same "all closed" 7 "$(status_of "$sy evaluate --point one.yaml <&- >&- 2>&-")"
same "closed output never runs into the store" 0 "$(
	status_of "$sy save one.yaml --point --store s.db >/dev/null")"
status_of "$sy save one.yaml --samples 1024 --store s.db --message two >&-" >/dev/null
same "the store is whole" 0 "$(status_of "$sy log --store s.db >log")"

got=$(status_of "set -o pipefail; $sy models show build-vs-buy | head -n 1 \
	>/dev/null; exit \${PIPESTATUS[0]}")
case $got in
0 | 7 | 141) pass "a reader that went away" ;;
*) fail "a reader that went away" "status $got" ;;
esac
check "quietly" test ! -s "$work/err"
got=$(status_of "trap '' PIPE; { sleep 0.3; exec $sy models show build-vs-buy; } |
	true; exit \${PIPESTATUS[0]}")
same "a reader that went away, SIGPIPE ignored" 7 "$got"
check "quietly, too" test ! -s "$work/err"

mkdir dir
expect "-o onto a folder" 7 noout err 'dir' -- evaluate --point one.yaml -o dir
expect "-o into a missing folder" 7 noout err 'nowhere' \
	-- evaluate --point one.yaml -o nowhere/r.txt
ln -s target link
expect "-o onto a symbolic link" 7 noout err 'link' \
	-- evaluate --point one.yaml -o link
check "the link leads nowhere still" test ! -e target
expect "a failed run leaves no file" 7 noout -- evaluate nowhere.yaml -o r.txt
check "no r.txt" test ! -e r.txt

(
	ulimit -f 1
	trap '' XFSZ
	"$STEELYARD" models show build-vs-buy -o big.txt >/dev/null 2>&1
	echo $?
) >status
same "a file that may not grow" 7 "$(cat status)"
check "leaves nothing behind" test ! -e big.txt

# The engine is asked to stop; a signal before it began ends the program, too.
for signal in INT:130 TERM:143; do
	got=$(status_of "timeout --preserve-status -s ${signal%:*} 0.5 $sy evaluate \
		--samples 4000000 --threads 1 one.yaml -o stopped.txt")
	same "SIG${signal%:*} in the middle" "${signal#*:}" "$got"
	check "leaves no file" test ! -e stopped.txt
done
done_testing
