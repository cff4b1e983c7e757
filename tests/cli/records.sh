#!/usr/bin/env bash
# Decision records: what each kind of tool reads of them, over statuses and
# successions; text that stays text; folders that keep to one style; figures
# that the command in the record gives again.
. "${SRCDIR:-.}/tests/lib.sh"
cd "$work" || exit 99
. "$SRCDIR/tests/cli/librecords.sh"

cat >validate.awk <<'A'
# One Markdown record, after the rules that its readers have: prints
# STATUS|DATE|TITLE, then one line for each breach.
function breach(text) { bad[++nbad] = text }
FNR == 1 { front = $0 == "---" }
front && FNR > 1 && $0 == "---" { front = 0; next }
front && /^status: / { status["front"] = substr($0, 9) }
front && /^date: / { date = substr($0, 7) }
front { next }
/^```/ { fence = !fence }
fence { next }
/^# / { h1++; title = substr($0, 3) }
/^## / { h2++; section = substr($0, 4) }
/^### / { h3[substr($0, 5)]++; part = substr($0, 5) }
/^## / { part = "" }
!h2 && /^[*-] Status: / { status["list"] = substr($0, 11) }
!h2 && /^[*-] Date: / { date = substr($0, 9) }
/^Date: / { date = substr($0, 7) }
section == "Status" && /^[A-Z]/ && !("section" in status) {
	status["section"] = $0
}
section == "Considered Options" && /^[*-] / { option[substr($0, 3)] = 1 }
part == "Considered Options" && /^[*-] / { option[substr($0, 3)] = 1 }
/^Chosen option: "/ {
	chosen = substr($0, 17)
	sub(/", because .*/, "", chosen)
}
{
	line = $0
	gsub(/<!-- steelyard record [a-zA-Z0-9=:_. -]* -->/, "", line)
	gsub(/<https?:[^>]*>/, "", line)
	gsub(/\\./, "", line)
	if (line ~ /</)
		breach("raw HTML: " $0)
	while (match(line, /\]\([^)]*\)/)) {
		print "link " substr(line, RSTART + 2, RLENGTH - 3)
		line = substr(line, RSTART + RLENGTH)
	}
}
END {
	for (o in option)
		if (!h3[o])
			breach("no heading of option " o)
	if (!(chosen in option))
		breach("the chosen option is none: " chosen)
	if (h1 != 1)
		breach(h1 " titles")
	for (s in status)
		print "status " s " " status[s]
	print "date " date
	print "title " title
	for (i = 1; i <= nbad; i++)
		print "breach " bad[i]
}
A

# The word of a status without its link.
word() {
	sed 's/ by .*//' | tr A-Z a-z
}

# number FILE: the decision's, from the comment
decision_of() {
	sed -n 's/^<!-- steelyard record key=[0-9a-f]* decision=\(D[0-9]*\) .*/\1/p' "$1"
}

# one FORMAT FILE: the breaches of one record
one() {
	local format=$1 file=$2 name said d want line places
	name=$(basename "$file")
	case $format in
	log4brains) echo "$name" | grep -qE '^[0-9]{8}(-[a-z0-9]+)+\.md$' ;;
	*) echo "$name" | grep -qE '^[0-9]{4}(-[a-z0-9]+)+\.md$' ;;
	esac || echo "bad name"
	[ ${#name} -le 100 ] || echo "long name"
	iconv -f UTF-8 -t UTF-8 "$file" >/dev/null 2>&1 || echo "not UTF-8"
	[ "$(tail -c 1 "$file" | od -An -tx1 | tr -d ' ')" = 0a ] ||
		echo "no final newline"
	LC_ALL=C grep -q "$(printf '[\001-\010\013-\037\177]')" "$file" &&
		echo "control characters"
	LC_ALL=C grep -qE "$(printf '\302[\200-\237]|\342\200[\252-\256]')" \
		"$file" && echo "hidden characters"
	said=$(awk -f validate.awk "$file")
	echo "$said" | sed -n 's/^breach //p'
	d=$(decision_of "$file")
	want=$(jq -r --arg d "${d#D}" '.decisions[] |
		select(.number == ($d | tonumber)) | .status' log.json)
	[ -n "$want" ] || { echo "no decision in it"; return; }
	places=$(echo "$said" | sed -n 's/^status [a-z]* //p' | word | sort -u)
	[ "$places" = "$want" ] || echo "$d is $want, a reader finds: $places"
	case $format in
	madr) want='front' ;;
	log4brains) want='list' ;;
	nygard) want='section' ;;
	hybrid) want='list section' ;;
	esac
	[ "$(echo "$said" | sed -n 's/^status \([a-z]*\) .*/\1/p' | sort |
		xargs)" = "$want" ] || echo "status stands elsewhere"
	date -d "$(echo "$said" | sed -n 's/^date //p')" >/dev/null 2>&1 ||
		echo "no date"
	if [ "$format" = nygard ] || [ "$format" = hybrid ]; then
		head -n 1 "$file" | grep -q "^# $((10#${name%%-*}))\. " ||
			echo "the title's number"
	fi
	echo "$said" | sed -n 's/^link //p' | while read -r line; do
		[ -f "$(dirname "$file")/$line" ] || echo "link to $line"
		case $line in /* | *..* | *:*) echo "link out: $line" ;; esac
	done
}

# pairs FOLDER: each succession stands in both records
pairs() {
	jq -r '.decisions[] | select(.superseded_by) |
		"D\(.number) D\(.superseded_by)"' log.json |
	while read -r old new; do
		o=$(grep -lE "decision=$old " "$1"/*.md)
		n=$(grep -lE "decision=$new " "$1"/*.md)
		grep -q "($(basename "$n"))" "$o" || echo "$old names no $new"
		grep -q "($(basename "$o"))" "$n" || echo "$new names no $old"
	done
}

# What people typed is theirs: no name and no reason in any shape, and one role
# for one person in all records.
for format in madr log4brains nygard hybrid html json csv; do
	steelyard export --all --redact-people --format $format -o red-$format
	same "$format without people" "0 none" "$status $(grep -rlE \
		"Jo|calc|Ann|HYPERLINK|prices fell|nobody asks" red-$format |
		head -1 | grep . || echo none)"
	check "$format with their roles" grep -rq 'decider 1' red-$format
done
same "who accepted D2 and D7 is one" "$(jq -r 'select(.record.decision == "D2") |
	.record.deciders[]' red-json/0*.json)" "$(jq -r \
	'select(.record.decision == "D7") | .record.deciders[]' red-json/0*.json)"
same "a later export says the same" same "$(steelyard export --all \
	--redact-people --format json -o red-json; sed 's/ .*//' out | sort -u)"

for format in madr log4brains nygard hybrid; do
	expect "$format: all" 0 noerr out '^created ' \
		-- export --all --format $format -o $format
	same "$format: a record a decision" 14 \
		"$(find $format -name '[0-9]*.md' | wc -l)"
	for file in $format/[0-9]*.md; do
		same "$format: $(decision_of "$file")" "" \
			"$(one $format "$file")"
	done
	same "$format: both ways" "" "$(pairs $format)"
	cp -r $format before
	steelyard export --all --format $format -o $format
	same "$format: the second time nothing changes" "" \
		"$(grep -v '^same ' out; diff -r before $format)"
	rm -r before
done
same "madr: the successor by its number" \
	"status: superseded by ADR-0007" "$(sed -n 2p madr/0005-*.md)"
same "log4brains: a text that is the target" \
	"- Status: superseded by [20261124-bot-build-vs-buy-7](20261124-bot-build-vs-buy-7.md)" \
	"$(sed -n 3p log4brains/*-buy-5.md | sed 's/2026112[0-9]/20261124/g')"
check "why it was taken, not why it was given up" \
	grep -q 'because =HYPERLINK' madr/0005-*.md
check "the index lists them" grep -q '^| 7 | .*0007.*| accepted |' madr/index.md
same "no .md index where adr-tools' readers would stop" "" \
	"$(ls nygard/*.md hybrid/*.md | grep index)"

# --- for programs -------------------------------------------------------

step export --all --format json -o json
step export --all --format csv -o csv
step export --all --format html -o html
tool=$BUILDDIR/tests/cli/schema_check
if [ -x "$tool" ]; then
	check "JSON as its schema says" "$tool" record-1 json/0005-*.json
	jq '{schema: "steelyard.evaluation/1", ok, engine, scenarios: [{
		scenario, digest, title, samples, scenario_digest,
		prices_digest, prices_as_of, tradeoffs}]}' json/0005-*.json \
		>evaluation.json
	check "its figures as those of an evaluation" \
		"$tool" evaluation-1 evaluation.json
	check "the index, too" "$tool" records-1 json/index.json
else
	skip "JSON and its schemas" "schema_check is not built"
fi
same "CSV: no cell is a formula" "" \
	"$(grep -E '(^|,)"?[=+@]' csv/*.csv; grep -E '(^|,)"-' csv/*.csv)"
same "CSV: seven cells in each row" "" "$(awk '{
	gsub(/"([^"]|"")*"/, "x")
	if (split($0, cell, ",") != 7) print FILENAME ": " $0
}' csv/*.csv)"
same "HTML: nothing runs, nothing is loaded" "" "$(grep -nEi \
	'<script|<img|<iframe|<object|<link|src=|url\(|@import|href="?javascript|<[a-z]+[^>]* on[a-z]+=' html/*.html |
	grep -v '&lt;')"
check "HTML: drawings in it" grep -q '<svg ' html/0001-*.html
check "HTML: for dark and paper" grep -q 'prefers-color-scheme:dark' \
	html/0001-*.html
check "HTML: and its index leads to all" grep -q \
	'href="0014-bot-build-vs-buy.html"' html/index.html
# Each tag that opens must close, in its turn.
same "HTML: tags are closed" "" "$(awk '
	/^<!--/ || /^<!DOCTYPE/ { next }
	{
		while (match($0, /<[^>]*>/)) {
			tag = substr($0, RSTART + 1, RLENGTH - 2)
			$0 = substr($0, RSTART + RLENGTH)
			name = tag
			sub(/[ \n].*/, "", name)
			if (tag ~ /\/$/ || name ~ /^(meta|br|hr)$/)
				continue
			if (name !~ /^\//)
				stack[++n] = name
			else if (n < 1 || "/" stack[n--] != name)
				print FILENAME ":" FNR ": " name
		}
	}
	/^<\/html>/ && n { print FILENAME ": open: " stack[n]; n = 0 }
' html/*.html)"

# --- the figures --------------------------------------------------------

# What the record says, and what its command says, to the digit.
figures='.tradeoffs[0] | del(.warnings, .dominance)'
jq -S "$figures" json/0005-*.json >recorded
again=$(jq -r .record.command json/0005-*.json)
again() {
	# shellcheck disable=SC2086
	steelyard ${again#steelyard } --json
	jq -S ".scenarios[0] | $figures" out >repeated
	diff recorded repeated
}
check "the command gives the figures again" again
# Under other prices the answer is another one, and what was saved is not.
mkdir later && cp -r "$STEELYARD_DATA/models" later/
sed -i 's/^version: .*/version: 99/' later/models/$model.yaml
own=$STEELYARD_DATA STEELYARD_DATA=$work/later
check "later, with another model, too" again
steelyard evaluate bot@r1 --seed 1 --samples 1024 --json
check "which another call takes" test "$(jq -r .scenarios[0].digest out)" != \
	"$(jq -r .digest json/0005-*.json)"
expect "a record of then stays the same" 0 out '^same ' \
	-- export D1 --format madr -o madr
STEELYARD_DATA=$own
expect "what was saved stands as it is" 2 err 'as-saved' \
	-- evaluate D1 --as-saved --set requests_per_day=1

# --- folders ------------------------------------------------------------

expect "one, with those it is linked with" 0 out 'created one/0002' \
	-- export D13 -o one
same "D2, D12, D13, D14" 4 "$(find one -name '0*.md' | wc -l)"
expect "a decision is about one model" 2 err 'leave out' \
	-- export D1 $model -o one
expect "which nobody took" 2 err 'D99' -- export D99 -o one
for other in log4brains nygard hybrid; do
	expect "no $other among madr" 2 err "is madr; write there" \
		-- export D1 --format $other -o madr
	expect "no madr among $other" 2 err "is $other; write there" \
		-- export D1 -o $other
done
mkdir -p repo/docs/adr repo/adr
printf 'project:\n  name: x\n  tz: UTC\n  adrFolder: ./docs/adr\n' \
	>repo/.log4brains.yml
echo adr >repo/.adr-dir
expect "log4brains would read madr as accepted" 2 err 'belongs to log4brains' \
	-- export D1 -o repo/docs/adr
expect "adr-tools would read no title" 2 err 'belongs to adr-tools' \
	-- export D1 -o repo/adr
expect "hybrid suits it" 0 -- export D1 --format hybrid -o repo/docs/adr
expect "elsewhere the style is free" 0 -- export D1 -o repo/reports
ln -s /dev/null link-target
mkdir links && ln -s "$work/link-target" "links/0001-bot-build-vs-buy.md"
expect "no write through a link" 7 -- export D1 -o links
same "which stays" "$work/link-target" \
	"$(readlink links/0001-bot-build-vs-buy.md)"
mkdir full && : >full/9999-last.md
expect "no number is left" 7 err 'below 10000' -- export D1 -o full
for format in json csv html; do
	file=$(echo $format/0001-*."$format")
	sed -i 's/1024/1025/' "$file"
	expect "$format: edited, it stays" 7 err 'edited' \
		-- export D1 --format $format -o $format
done

# The guide's example: each of its lines stands in the record, in that order.
# Its figures may be those of an earlier state of the models.
cp "$SRCDIR/scenarios/data-stays-home.yaml" .
step save data-stays-home.yaml
step export data-stays-home -o guide
same "the guide shows what is written" "" "$(awk '
	FNR == NR && /^````markdown$/ { inside = 1; next }
	FNR == NR && /^````$/ { inside = 0 }
	FNR == NR && (!inside || $0 == "..." || $0 == "") { next }
	/^\* scenario revision/ { $0 = "* scenario revision" }
	{ gsub(/[0-9][0-9.]*[kMG]?/, "N") }
	FNR == NR { want[++n] = $0; next }
	at < n && $0 == want[at + 1] { at++ }
	END { if (at < n || n < 30) print "not there: " want[at + 1] }
' "$SRCDIR/docs/decision-record.md" guide/0001-*.md)"

# Against the figures and a rule: the record says so where it says what was
# chosen.
step decide data-stays-home.yaml $model api_closed --waive data_stays \
	--because 'a new contract'
step export D15 -o guide
check "against the advice" grep -q \
	'^The figures advise otherwise: Host an open model\.$' guide/0001-*.md
check "and a rule" grep -q '^Set aside for it: data\\_stays\.$' guide/0001-*.md
check "with the reason" grep -q \
	'^\* Set aside by those who decided: data\\_stays: a new contract$' \
	guide/0001-*.md

# What was proposed by nobody becomes the decision's own record.
step save bot.yaml --set requests_per_day=1M --samples 1024
sed 's/^scenario: bot/scenario: other/' bot.yaml >other.yaml
step save other.yaml --samples 1024
expect "nobody decided" 0 out 'created fresh/0001' -- export other -o fresh
same "so it is proposed" 'status: proposed' "$(sed -n 2p fresh/0001-*.md)"
steelyard decide other.yaml $model api_open --samples 1024
expect "decided, it keeps its file" 0 out 'updated fresh/0001' \
	-- export D16 -o fresh

done_testing
