#!/usr/bin/env bash
# store check, backup, merge, export, import: what a store shares with others.
. "${SRCDIR:-.}/tests/lib.sh"
cd "$work" || exit 99
cp "$SRCDIR"/scenarios/support-chatbot-100k.yaml one.yaml
name=$(sed -n 's/^scenario: *//p' one.yaml)
few='--samples 256'

expect "no store yet" 4 noout err . -- store check
# The source is text with an escape and what a spreadsheet would run.
mine() {
	steelyard save one.yaml $few
	steelyard decide one.yaml build-vs-buy api_open $few --because '=1+1'
	steelyard actual "$name" requests_per_day 90k \
		--source $'\033[31mlog\a'
}
mine
expect "check" 0 noerr out '1 scenarios, 1 revisions' out '^content ' \
	-- store check
content=$(grep ^content "$work/out")
expect "backup" 0 noerr out '^copy.db: 1 scenarios' -- store backup copy.db
expect "nothing is written over" 7 noout err 'copy.db' -- store backup copy.db
expect "the backup is a store" 0 out "^$content$" -- store check --store copy.db
expect "export" 0 noerr out 'files written, 0 there' -- store export shared
expect "again: nothing new" 0 out ': 0 files written' -- store export shared
expect "import" 0 noerr out "^$content$" -- store import shared --store new.db
expect "and export: the same bytes" 0 out "^$content$" \
	-- store export again --store new.db
check "file by file" diff -r shared again
expect "an import of what is there" 0 out 'taken: 0 scenarios' \
	-- store import shared
check "no escapes" test -z "$(grep -l $'\033' "$work/out" "$work/err")"

# Another person's store with a scenario of the same name, and more of ours.
steelyard save one.yaml $few --set requests_per_day=3M --store other.db
steelyard save one.yaml $few --set requests_per_day=2M --store new.db
expect "merge" 0 noerr out 'renamed: .*`'"$name" -- store merge other.db
second=$(sed -n 's/.*is called `\(.*\)`$/\1/p' "$work/out")
expect "under its new name" 0 out '3M' -- show "$second"
expect "and saved as that again" 0 out "^saved $second@r2" \
	-- save "$second" $few --set requests_per_day=4M
expect "and what went on from here" 0 out 'taken: 0 scenarios, 1 rev' \
	-- store merge new.db
expect "once is enough" 0 out 'taken: 0 scenarios, 0 rev' -- store merge new.db
expect "sound" 0 out ': sound' -- store check

# A copy of the file that was used as well.
cp "$XDG_DATA_HOME"/steelyard/store.db twin.db
steelyard save one.yaml $few --set requests_per_day=5M
steelyard save one.yaml $few --set requests_per_day=6M --store twin.db
expect "a store used twice" 3 noout err 'adopt-as-new-origin' \
	-- store merge twin.db
expect "adopted" 0 out '^adopted: ' out '^renumbered: ' \
	-- store merge twin.db --adopt-as-new-origin
expect "sound again" 0 out ': sound' -- store check

# One decision, settled in two ways by two people; the later word is `accepted`.
steelyard store merge copy.db --store ada.db
steelyard store merge copy.db --store bob.db
now=$(date +%s)
SOURCE_DATE_EPOCH=$((now + 10)) steelyard reject D1 --store bob.db
SOURCE_DATE_EPOCH=$((now + 20)) steelyard accept D1 --by Ada --store ada.db
expect "a contested decision" 0 out '^contested: D1 ' \
	-- store merge bob.db --store ada.db
expect "is marked" 0 out 'CONTESTED' -- log --decisions --store ada.db
expect "and fails the check" 1 out 'FAIL +contested' -- check --all $few \
	--store ada.db
SOURCE_DATE_EPOCH=$((now + 30)) steelyard accept D1 --store ada.db
check "until it is settled" test -z "$(grep CONTESTED out)"
expect "for all" 0 out 'taken: 0 scenarios' -- store merge ada.db --store bob.db
check "without a word" test -z "$(grep contested: out)"

echo 'my notes' >shared/README.md
expect "files of one's own stay beside" 0 noerr -- store export shared
f=$(find shared/event -name '*1.json' | head -n 1)
sed -i 's/revision.saved/revision.moved/' "$f"
expect "a changed file is not written over" 7 err "$f" -- store export shared
expect "nor taken" 4 noout err 'does not match its hash' \
	-- store import shared --store third.db
check "there is no third store" test ! -e third.db
expect "a folder of something else" 3 noout err 'no exported store' \
	-- store import "$work/home"
expect "a file that is no store" 4 noout err 'not a steelyard store' \
	-- store merge one.yaml
expect "no file" 7 noout err 'nobody.db' -- store merge nobody.db
sed -i 's/requests_per_day/requests_per_dax/' copy.db
expect "damage is found" 4 noout err . -- store check --store copy.db
expect "and not taken" 4 noout err . -- store merge copy.db
expect "an error is JSON" 4 out '"ok": false' -- store merge copy.db --json

tool=$BUILDDIR/tests/cli/schema_check
if [ -x "$tool" ]; then
	for call in check 'backup json.db' 'export json' 'merge json.db' \
		'import json'; do
		# shellcheck disable=SC2086
		steelyard store $call --json
		check "JSON: store $call" "$tool" store-1 out
	done
else
	skip "documents and their schema" "schema_check is not built"
fi
done_testing
