#!/usr/bin/env bash
# --csv of commands that list something: the rows of their own documents.
. "${SRCDIR:-.}/tests/lib.sh"
cd "$work" || exit 99
at=$SRCDIR/scenarios
cp "$at/support-chatbot-100k.yaml" one.yaml

# table ARGUMENT...: the header goes to `head`, the rows to `rows`.
table() {
	"$STEELYARD" "$@" --csv 2>err | tr -d '\r' >csv
	head -n 1 csv >head
	tail -n +2 csv >rows
}
# column NAME: by the header; cells of these tests hold no comma.
column() {
	awk -F, -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) at = i }
		NR > 1 { gsub(/"/, "", $at); print $at }' csv
}

table models list
same "models: one row each" "$("$STEELYARD" models list --json |
	jq -r '.models[].model' | xargs)" "$(cut -d, -f1 rows | tr -d '"' | xargs)"
table diff one.yaml "$at/support-chatbot-1m.yaml" --point
same "diff: one row a figure, with what it belongs to" \
	"build-vs-buy advised" "$(head -n 1 rows | tr -d '"' |
		awk -F, '{ print $1, $7 }')"
"$STEELYARD" compare one.yaml "$at/support-chatbot-1m.yaml" --point --json >json
table compare one.yaml "$at/support-chatbot-1m.yaml" --point
same "compare: one row a share, or a figure that has none" \
	"$(jq '[.tradeoffs[].figures[] | (.shares // [0])[]] | length' json)" "$(wc -l <rows)"
same "whose values are those of the document, digit by digit" \
	"$(jq -r '.tradeoffs[].figures[].shares[]?.value' json |
		xargs printf '%.12g\n')" \
	"$(column value | xargs printf '%.12g\n')"
steelyard save one.yaml --point --store s.db --message '=1+1'
table log --store s.db
same "log: text that a spreadsheet would run is kept from it" 1 \
	"$(grep -c ",\"'=1+1\"," rows)"
same "flags are words" yes "$(table doctor; column ok | head -n 1)"
table log --decisions --store s.db
same "nothing is nothing" "0 0" "$(wc -c <csv) $(wc -c <err)"
expect "an error is no table" 7 noout err nowhere -- diff nowhere.yaml x --csv
expect "two shapes at once" 2 noout err 'exclude' -- \
	check one.yaml --csv --format junit
expect "a command without a table" 2 noout err 'does not go with' -- \
	save one.yaml --csv
done_testing
