#!/usr/bin/env bash
# What only a shell with job control can show: ^Z and fg, and a window that
# changes its size under the program.
. "${SRCDIR:-.}/tests/lib.sh"

if ! command -v tmux >/dev/null; then
	skip "tmux" "tmux is not installed"
	done_testing
	exit
fi

scenario=$SRCDIR/scenarios/support-chatbot-100k.yaml
socket=$work/tmux
tm() { tmux -S "$socket" -f /dev/null "$@"; }
screen() { tm capture-pane -p -t t; }
alternate() { tm display-message -p -t t '#{alternate_on}'; }

# until_true COMMAND...: polls, never longer than 30 s.
until_true() {
	local i
	for ((i = 0; i < 300; i++)); do
		"$@" && return
		sleep 0.1
	done
	echo "waited in vain for: $*"
	screen
	return 1
}
shows() { screen | grep -qF -- "$1"; }
is_alternate() { [ "$(alternate)" = "$1" ]; }

tm new-session -d -s t -x 80 -y 24 \
	"env PS1='shell> ' bash --norc --noprofile -i" || {
	skip "tmux" "tmux cannot start here"
	done_testing
	exit
}
trap 'tm kill-server 2>/dev/null; rm -rf "$work"' EXIT
check "a shell" until_true shows 'shell>'

tm send-keys -t t "'$STEELYARD' '$scenario'" Enter
check "the program starts" until_true shows 'Build vs buy'
check "on a screen of its own" until_true is_alternate 1

tm send-keys -t t C-z
check "^Z gives the shell its screen back" until_true is_alternate 0
check "the shell says so" until_true shows 'Stopped'
tm send-keys -t t 'stty -a | grep -o "[-]*icanon" ; echo back' Enter
check "and its modes" until_true shows 'icanon'
check "cooked ones" sh -c "! tmux -S '$socket' capture-pane -p -t t |
	grep -q -- -icanon"

tm send-keys -t t fg Enter
check "fg draws it again" until_true shows 'q Quit'
check "on its own screen" until_true is_alternate 1

tm send-keys -t t Right
check "keys work as before" until_true shows 'unsaved'

tm resize-window -t t -x 140 -y 40
check "a wider window has more panels" until_true shows 'S-Tab Panel'
tm resize-window -t t -x 40 -y 10
check "the smallest one still says what matters" until_true shows 'Quit'

tm send-keys -t t q
check "q leaves the screen" until_true is_alternate 0
tm send-keys -t t 'echo status=$?' Enter
check "with status 0" until_true shows 'status=0'

# A file that is not there is begun; it is written when that is asked for.
tm resize-window -t t -x 80 -y 24
tm send-keys -t t "clear; '$STEELYARD' '$work/begun.yaml'" Enter
check "a missing file is offered" until_true shows 'begin one here'
check "and not written yet" test ! -e "$work/begun.yaml"
tm send-keys -t t End Enter
check "Begin opens it" until_true shows 'opened begun'
check "and it is there" grep -q '^scenario: begun' "$work/begun.yaml"
tm send-keys -t t q
check "and left" until_true is_alternate 0
done_testing
