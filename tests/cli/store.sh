#!/usr/bin/env bash
# save, log, show, export: what was decided stays.
. "${SRCDIR:-.}/tests/lib.sh"
cd "$work" || exit 99
cp "$SRCDIR"/scenarios/support-chatbot-100k.yaml one.yaml
name=$(sed -n 's/^scenario: *//p' one.yaml)
export SOURCE_DATE_EPOCH=1795500000
# Few draws: the figures are not looked at here.
few='--samples 1024'

expect "no store yet" 4 noout err . -- log
expect "nothing to show yet" 4 noout err . -- show "$name"
expect "save" 0 noerr out "^saved $name@r1 \([0-9a-f]{12}\)" \
	-- save one.yaml $few --message 'first view'
expect "the same again is no new revision" 0 out "@r1 " -- save one.yaml $few
expect "a change is" 0 out "@r2 " \
	-- save one.yaml $few --set requests_per_day=3M --message 'three millions'
expect "log" 0 noerr out "$name@r2 .*three millions" out "$name@r1 .*first view" \
	-- log
same "newest first" "$name@r2" "$(awk '{ print $3; exit }' "$work/out")"
expect "log of one" 0 out "@r1" -- log "$name"
expect "log limited" 0 out "@r2" -- log --limit 1
same "to one line" 1 "$(grep -c . "$work/out")"
expect "show" 0 noerr out "^# $name@r2" out '3M' -- show "$name"
expect "show by number" 0 out "^# $name@r1" -- show "$name@r1"
hash=$(sed -n 's/^# \([0-9a-f]\{64\}\)$/\1/p' "$work/out")
expect "show by hash" 0 out "^# $name@r1" -- show "${hash:0:8}"
expect "a hash too short" 2 err . -- show "${hash:0:5}"
expect "an unknown revision" 2 err 'r9' -- show "$name@r9"
expect "an unknown name" 2 err 'nobody' -- show nobody

# What show prints is a scenario, and gives the answer that was saved.
steelyard show "$name@r1"
cp "$work/out" shown.yaml
steelyard evaluate "$name@r1" --json $few
cp "$work/out" saved.json
steelyard evaluate shown.yaml --json $few
same "what show prints evaluates to the same digest" \
	"$(grep -o '"digest": *"[^"]*"' saved.json | head -n 1)" \
	"$(grep -o '"digest": *"[^"]*"' "$work/out" | head -n 1)"

mkdir adr
expect "export" 0 noerr out 'created adr/0001-[a-z0-9-]+\.md' \
	-- export "$name@r1" --format madr -o adr $few
record=$(echo adr/0001-*.md)
check "a record" grep -q '^status: proposed$' "$record"
check "with its command" grep -q "steelyard evaluate $name@r1" "$record"
eval "steelyard $(sed -n 's/^steelyard \(evaluate .*\)$/\1/p' "$record") --json"
check "which gives the evaluation that the record names" grep -q \
	"evaluation \`$(sed -n 's/^ *"digest": "\([0-9a-f]*\)",*$/\1/p' \
	"$work/out" | head -n 1)\`" "$record"
cp "$record" before.md
expect "again: the same" 0 out '^same ' -- export "$name@r1" -o adr $few
check "byte for byte" cmp before.md "$record"
expect "another revision: brought up to date" 0 out '^updated adr/0001' \
	-- export "$name@r2" -o adr $few
expect "all" 0 out '0001' -- export --all -o adr $few
echo 'my own' >"$record"
expect "a record of someone else stays" 7 err 'not written by' \
	-- export "$name@r1" -o adr $few
same "as it was" 'my own' "$(cat "$record")"
expect "export without a folder" 2 err '-o DIR' -- export "$name"
expect "into a folder that is not there yet" 0 noerr out 'new/folder/0001-' \
	-- export "$name@r1" -o new/folder $few
mine=$(echo new/folder/0001-*.md)
echo "What we agreed on Tuesday." >>"$mine"
expect "a record that people edited" 7 err 'edited' \
	-- export "$name@r1" -o new/folder $few
check "it stays as it is" grep -q 'agreed on Tuesday' "$mine"
expect "in a foreign format" 2 err 'madr' -- export "$name" --format pdf -o adr
expect "of an unknown model" 2 err 'chess' -- export "$name" chess -o adr

if command -v jq >/dev/null; then
	for call in 'log' "show $name" 'save one.yaml --point' \
		"export $name@r2 -o json $few"; do
		mkdir -p json
		# shellcheck disable=SC2086
		steelyard $call --json
		check "JSON: $call" jq -e '.ok and (.schema |
			startswith("steelyard."))' "$work/out"
	done
else
	skip "JSON documents" "jq is not here"
fi

# Stores that cannot be used lose nothing and say what is wrong.
store=$XDG_DATA_HOME/steelyard/store.db
expect "--store elsewhere" 0 out '@r1 ' -- save one.yaml --point --store own.db
echo 'not a database, but long enough to be looked at as if it were one' >text.db
expect "a text file as store" 4 noout err 'store' -- log --store text.db
same "is left alone" 'not a database' "$(head -c 14 text.db)"
: >empty.db
expect "an empty file is an empty store" 0 noout noerr -- log --store empty.db
head -c 2000 "$store" >cut.db
expect "a store cut short" 4 noout err . -- log --store cut.db
expect "a store in a missing folder" 4 noout err . \
	-- log --store nowhere/s.db
expect "a folder as store" 7 noout err . -- log --store adr
if [ "$(id -u)" != 0 ]; then
	mkdir readonly
	cp "$store" readonly/store.db
	chmod 500 readonly
	expect "a read-only store is read" 0 out '@r2' \
		-- log --store readonly/store.db
	expect "and not written" 7 err . \
		-- save one.yaml --set requests_per_day=7M --store readonly/store.db
	chmod 700 readonly
else
	skip "a read-only folder" "root may write everywhere"
fi
done_testing
