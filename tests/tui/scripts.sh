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

# The documentation lists every action as the table has it.
same "keys in docs/screen.md" "$("$drive" --keys)" \
	"$(sed -n '/^| `/p' "$SRCDIR/docs/screen.md")"

# Any event at any time; make fuzz does a million of them.
check "random events" "$BUILDDIR/tests/tui/fuzz" \
	--events "${STEELYARD_EVENTS:-20000}" --jobs 2
done_testing
