#!/usr/bin/env bash
# The life of a decision: proposed on a saved revision, accepted, confirmed,
# superseded; what may not follow; what stands against an option.
. "${SRCDIR:-.}/tests/lib.sh"
cd "$work" || exit 99
cp "$SRCDIR"/scenarios/{support-chatbot-100k,data-stays-home,document-desk}.yaml .
chat=support-chatbot-100k.yaml
few='--samples 512'

# field NAME [FILE]: a field of a decision document.
field() { jq -c "$1" out; }

expect "a decision is proposed" 0 out '^D1 +proposed .*api_open' noerr -- \
	decide $chat build-vs-buy api_open $few --by 'platform team' --by Ada \
	--because 'no "staff" to host' --review 2027-02-01 --tag llm
expect "on a revision that was saved" 0 out "$(sed -n \
	's/^  revision *\(.\{12\}\).*/\1/p' out)  .*support-chatbot-100k@r1" -- log
expect "a second one, against the advice" 0 \
	out 'The advice was api_open; this choice costs .*USD more' -- \
	decide $chat build-vs-buy self_host $few
expect "the decision as a document" 0 -- show D1 --json
same "keeps who, why and when" \
	'["platform team","Ada"] "no \"staff\" to host" "2027-02-01" "api_open"' \
	"$(field .deciders) $(field .because) $(field .review) $(field .advice)"

expect "it is accepted" 0 out '^D1 +accepted' -- accept D1 --by board
expect "and confirmed by a review" 0 out 'confirmed by root|confirmed by ' -- \
	accept 1 --review 2027-09-01
expect "whose date counts from then on" 0 out 'review 2027-09-01' -- \
	log --decisions --status accepted
expect "not by one that is only proposed" 2 err 'first .steelyard accept D2' -- \
	supersede D1 D2
expect "which is accepted, and tells of the other" 0 out '^D2 +accepted' \
	out 'D1 is accepted .*supersede D1 D2' -- \
	accept support-chatbot-100k:build-vs-buy
expect "another takes its place" 0 out '^D1 +superseded .*by D2' -- \
	supersede D1 D2
expect "which names it" 0 out 'supersedes +D1' -- accept D2
expect "it is deprecated" 0 out '^D2 +deprecated' -- deprecate D2
expect "another is turned down" 0 out . -- \
	decide $chat build-vs-buy api_closed $few
expect "with a reason" 0 out '^D3 +rejected' out 'rejected by .*: too dear' -- \
	reject D3 --because 'too dear'

for step in "accept D1" "reject D1" "deprecate D3" "accept D2" "supersede D2 D3"; do
	expect "what may not follow: $step" 2 err 'it cannot become' -- $step
done
steelyard decide $chat build-vs-buy api_open $few
expect "none supersedes itself" 2 err 'itself' -- supersede D4 D4
expect "nor one that is over" 2 err "no other's place|cannot take|take no" -- \
	supersede D4 D1
steelyard decide $chat build-vs-buy api_open $few
expect "a proposal gives way to another" 0 out '^D4 +superseded .*by D5' -- \
	supersede D4 D5

# Every step from every status, and who may take whose place: in a store of its
# own, D1 to D5 in the five statuses, D6 to D10 again, and D11 on another model.
life='--store life.db'
for i in 1 2 3 4 5 6 7 8 9 10; do
	steelyard decide $chat build-vs-buy api_open --point $life
done
steelyard decide document-desk.yaml throughput-vs-latency api_rt --point $life
for step in "accept D11" "accept D2" "accept D7" "reject D3" "reject D8" \
	"supersede D4 D1" "supersede D9 D1" "accept D5" "accept D10" \
	"deprecate D5" "deprecate D10"; do
	steelyard $step $life
	[ "$status" = 0 ] || fail "$step" "$(cat err)"
done
names=(x proposed accepted rejected superseded deprecated)
# moves FROM: the status that each verb and each kind of successor lead to
moves() {
	local to by
	for to in accept reject deprecate "supersede D6" "supersede D7" \
		"supersede D8" "supersede D9" "supersede D10" "supersede D11" \
		"supersede D$1"; do
		by=${to#* }
		[ "$by" = "$to" ] && by=
		cp life.db try.db
		steelyard ${to% *} D$1 $by --store try.db
		[ "$status" = 0 ] || steelyard show D$1 --store try.db
		awk 'NR == 1 { printf "%s ", $2 }' out
		[ "$(steelyard store check --store try.db; echo $status)" = 0 ] ||
			printf BROKEN
	done
}
#          accept   reject     deprecate  by proposed, accepted, rejected,
#                                         superseded, deprecated, another
#                                         model's, itself
table() {
	cat <<-'T'
	proposed accepted rejected proposed superseded superseded proposed proposed proposed proposed proposed
	accepted accepted accepted deprecated accepted superseded accepted accepted accepted accepted accepted
	rejected rejected rejected rejected rejected rejected rejected rejected rejected rejected rejected
	superseded superseded superseded superseded superseded superseded superseded superseded superseded superseded superseded
	deprecated deprecated deprecated deprecated deprecated deprecated deprecated deprecated deprecated deprecated deprecated
	T
}
for i in 1 2 3 4 5; do
	same "what may become of what is ${names[i]}" "$(table | sed -n ${i}p)" \
		"${names[i]} $(moves $i | sed 's/ $//')"
done

expect "no such decision" 2 err 'has no decision' -- accept D99
expect "a date that is none" 2 err '2027-02-30' -- \
	accept D4 --review 2027-02-30

expect "search by text" 0 out '^D1 ' -- log --search ada
same "finds that one alone" 1 "$(grep -c . out)"
expect "search by tag" 0 out '^D1 ' -- log --tag llm
expect "nothing found is an empty list" 0 out '"decisions": \[\]' -- \
	log --tag no-such --json

steelyard decide $chat build-vs-buy api_open --point --store long.db \
	--by 'the platform team' \
	--because "$(yes 'a reason that goes on' | head -9 | tr '\n' ' ')"
check "a long reason is wrapped to 80 columns" test \
	"$(wc -L <out)" -le 80 -a "$(grep -cE '^ {15}[a-z]' out)" = 2 \
	-a "$(grep -cE '^ {4}[a-z]' out)" -ge 2

# --- what stands against an option --------------------------------------------

expect "a hard rule bars it" 1 out 'Not recorded: api_open .*data_stays' -- \
	decide data-stays-home.yaml build-vs-buy api_open $few
expect "and nothing was recorded" 0 noout -- log data-stays-home --decisions \
	--store "$XDG_DATA_HOME/steelyard/store.db"
expect "setting it aside needs a reason" 2 err 'needs --because' -- \
	decide data-stays-home.yaml build-vs-buy api_open $few \
	--waive data_stays
expect "a rule that does not stand against it" 2 err 'no rule or reason' -- \
	decide data-stays-home.yaml build-vs-buy api_open $few \
	--waive nonsense --because x
expect "set aside in the record's sight" 0 out 'set aside +data_stays' -- \
	decide data-stays-home.yaml build-vs-buy api_open $few \
	--waive data_stays --because 'legal agreed'
expect "no such option" 2 err 'it has: api_closed' -- \
	decide $chat build-vs-buy nope $few
expect "a trade-off that is not asked about" 2 err 'does not ask' -- \
	decide $chat no-such-model api_open $few
expect "the store is sound" 0 out 'sound' -- doctor
done_testing
