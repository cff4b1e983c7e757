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

# What is saved stands in the scenario's file too, unless that would lose
# something: comments, or what another wrote; and shipped ones stay.
printf 'scenario: own\nbuild-vs-buy: {}\n' >"$work/own.yaml"
save_2M() { # NAME MESSAGE COMMAND...: after the edit, before it is saved
	rm -f "$work/store.db"
	{
		printf 'key :\ntype workload.requests_per_day = 2M\nkey Enter\n'
		printf 'key s\nexpect %s\n' "$2"
		shift 2
		printf '%s\n' "$@"
	} >"$work/keys"
	check "$1" "$drive" --size 140x40 --store "$work/store.db" \
		"$work/own.yaml" <"$work/keys"
}
save_2M "saving writes the file" "saved as own r1, and in own.yaml" \
	'refuse unsaved' 'key u' 'expect unsaved' 'key W' \
	'expect written to own.yaml' 'key ^R s' 'expect r1, and in own.yaml'
check "the file holds what was shown" grep -q 2M "$work/own.yaml"
printf '# why\nscenario: own\nbuild-vs-buy: {}\n' >"$work/own.yaml"
cp "$work/own.yaml" "$work/as-it-was"
save_2M "not over comments" "own.yaml has comments and stays" \
	'key W' 'expect has comments and stays' \
	'key :' "type write $work/as-it-was" 'key Enter' \
	'expect not written over' \
	'key :' "type write $work/copy.yaml" 'key Enter' 'expect written to'
check "comments are still there" cmp "$work/own.yaml" "$work/as-it-was"
check "the copy holds it" grep -q 2M "$work/copy.yaml"
save_2M "over them when its name is given" "has comments" \
	'key :' "type write $work/own.yaml" 'key Enter' \
	'expect written to own.yaml'
check "it was" grep -q 2M "$work/own.yaml"

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
