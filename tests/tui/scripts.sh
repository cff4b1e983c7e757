#!/usr/bin/env bash
# Key scripts through the reducer: each keys/*.keys with a store of its own, in
# three sizes of the terminal where the script does not choose one.
. "${SRCDIR:-.}/tests/lib.sh"

drive=$BUILDDIR/tests/tui/drive
scenario=$SRCDIR/scenarios/support-chatbot-100k.yaml

if [ ! -x "$drive" ]; then
	skip scripts "tests/tui/drive was not built"
	done_testing
	exit
fi

for script in "$SRCDIR"/tests/tui/keys/*.keys; do
	name=$(basename "$script" .keys)
	for size in 80x24 140x40; do
		for set in '' --ascii; do
			rm -f "$work/store.db"
			check "$name $size $set" "$drive" --size $size $set \
				--store "$work/store.db" "$scenario" <"$script"
		done
	done
done

# Who spends what: three teams, one of them nobody's, two models, 40 days; the
# palette names the log, Enter goes into a name, a budget is typed.
"$SRCDIR/tests/tui/spend_log" >"$work/log.jsonl"
cat >"$work/keys" <<END
key \$
refine
expect names no evidence
key :
type spend $work/lo
key Tab
expect log.jsonl
key Enter
refine
expect By team: 69 % attributed
expect Unattributed
expect runs away
key /
type unatt
refuse runs away
key Esc Enter
refine
expect By model within team
key Left
refine
key Tab Tab
expect By day
key Home Down Enter
type 100
key Enter
refine
expect Above the budget with P
END
for size in 80x24 140x40; do
	rm -f "$work/store.db"
	check "spend $size" "$drive" --size $size --store "$work/store.db" \
		"$scenario" <"$work/keys"
done

# What was decided on is saved; a draft of the same text is no edit.
rm -f "$work/store.db"
"$drive" --store "$work/store.db" "$scenario" \
	<"$SRCDIR/tests/tui/keys/decide.keys" >/dev/null 2>&1
check "saved by deciding, and opened again" "$drive" \
	--store "$work/store.db" "$scenario" <<'END'
expect support-chatbot-100k r1
refuse unsaved
refuse r1*
END

# What an action is called on the command line is a command with that option.
for spelling in $(sed -n 's/^ACTION([^"]*"[^"]*", "[^"]*", "[^"]*", [0-9]*, *//p
	s/^ *"\(steelyard [a-z].*\)",$/"\1"/p' "$SRCDIR/src/tui/actions.def" |
	sed -n 's/.*"steelyard \([a-z][^"]*\)".*/\1/p' | tr ' ' '_' | sort -u); do
	set -- ${spelling//_/ }
	command=$1
	[ "$1" = import ] && command="$1 $2"
	"$STEELYARD" $command --help >"$work/help" 2>&1 ||
		echo "$command is no command" >>"$work/unknown"
	for word; do
		case $word in
		--*) grep -q -- "$word" "$work/help" ||
			echo "$command has no $word" >>"$work/unknown" ;;
		esac
	done
done
same "actions as commands" "$(cat "$work/unknown" 2>/dev/null)" ""

# The documentation lists every action as the table has it.
same "keys in docs/screen.md" "$("$drive" --keys)" \
	"$(sed -n '/^| `/p' "$SRCDIR/docs/screen.md")"

# Any event at any time; make fuzz does a million of them.
check "random events" "$BUILDDIR/tests/tui/fuzz" \
	--events "${STEELYARD_EVENTS:-20000}" --jobs 2
done_testing
