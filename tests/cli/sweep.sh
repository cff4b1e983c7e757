#!/usr/bin/env bash
# sweep: rows, designs, portfolios, shards and their merging, a run that is
# stopped and goes on.
. "${SRCDIR:-.}/tests/lib.sh"
cd "$work" || exit 99
cp "$SRCDIR/scenarios/support-chatbot-100k.yaml" chat.yaml
cp "$SRCDIR/scenarios/data-stays-home.yaml" home.yaml
point='--point --threads 2'

rows() { grep -c '^[0-9]' "${1:-out}"; }
column() { awk -F, -v n="$1" 'NR > 1 { gsub(/["\r]/, "", $n); print $n }' "${2:-out}"; }

# --- what varies ---------------------------------------------------------------

expect "a logarithmic range" 0 noerr -- sweep chat.yaml $point \
	--vary requests_per_day=10k..1M:log:3
same "holds its ends and its middle" "10000 100000 1000000" \
	"$(column 3 | xargs printf '%.0f\n' | xargs)"
expect "a linear range in a unit" 0 -- sweep chat.yaml $point \
	--vary 'gpu_hour_price=1 USD/h/GPU..3 USD/h/GPU:3'
same "keeps the unit" "1 USD/h/GPU|2 USD/h/GPU|3 USD/h/GPU" "$(column 3 | paste -sd'|')"
expect "a list, and values with commas" 0 -- sweep chat.yaml $point \
	--vary 'requests_per_day=10k,pert(1k, 5k, 9k),2M'
same "is split outside of brackets" 3 "$(rows)"
expect "two parameters: every combination" 0 -- sweep chat.yaml $point \
	--vary requests_per_day=10k,20k --vary output_tok=100..300:3
same "the last one fastest" "10k 10k 10k 20k 20k 20k/100 200 300 100 200 300" \
	"$(column 3 | xargs)/$(column 4 | xargs)"
for design in lhs sobol; do
	expect "a design: $design" 0 -- sweep chat.yaml $point \
		--design $design --points 16 --vary requests_per_day=0..1600 \
		--vary output_tok=100..300
	same "$design: one point in each sixteenth" \
		"$(seq 0 15 | xargs)" \
		"$(column 3 | awk '{ print int($1 / 100) }' | sort -n | xargs)"
done

# A row's figures are those of `evaluate`.
expect "a row" 0 -- sweep chat.yaml --samples 1024 --json \
	--vary requests_per_day=300k
sed -n 2p out | jq -c '.tradeoffs[0] | [.option, .mean, .se, .p5]' >row
steelyard evaluate chat.yaml --samples 1024 --json --set requests_per_day=300k
same "has the digits of evaluate" "$(jq -c '.scenarios[0].tradeoffs[0] |
	.verdict.option as $o | .options[] | select(.name == $o) |
	[.name, .mean, .se, .p5]' out)" "$(cat row)"

# --- portfolios ------------------------------------------------------------------

mkdir many
cp chat.yaml many/b.yaml
cp home.yaml many/a.yaml
expect "a folder" 0 -- sweep many $point
same "in the order of its names" "data-stays-home support-chatbot-100k" \
	"$(column 2 | xargs)"
echo 'scenario: broken
workload: {requests_per_day: [}' >many/c.yaml
expect "a broken file is a line with its error" 3 \
	out 'c\.yaml:2:[0-9]+: ' err '1 of 3 cases' -- sweep many $point
same "and the others are there" 3 "$(rows)"

printf '\xef\xbb\xbfname,requests_per_day,"output_tok"\r\n"a, b",50k,200\r\nlow,-4,100\r\n' >cases.csv
expect "a file of services, with a byte-order mark and CRLF" 3 \
	out '1,.*requests_per_day.*bound' -- sweep chat.yaml $point --cases cases.csv
same "each by its name" 1 "$(grep -c '"a, b"' out)"
printf 'scenario,requests_per_day\nchat.yaml,1k\nhome.yaml,2k\n' >own.csv
expect "rows that name their scenario" 0 -- sweep $point --cases own.csv
same "are evaluated with it" "support-chatbot-100k data-stays-home" \
	"$(column 2 | xargs)"

# --- shards ------------------------------------------------------------------------

sweep="chat.yaml --samples 256 --vary requests_per_day=10k..1M:log:23"
for format in --csv --json; do
	steelyard sweep $sweep $format
	cp out whole
	for n in 2 3 7; do
		rm -f part-*
		for k in $(seq $n); do
			steelyard sweep $sweep $format --shard $k/$n \
				--threads $((k % 2 + 1)) -o part-$k
		done
		steelyard sweep --merge $(ls part-* | sort -r) -o merged
		check "$format: $n shards are the bytes of one run" \
			cmp whole merged
	done
done
check "and of a run into a file" eval \
	'"$STEELYARD" sweep $sweep --json -o file && cmp whole file'
[ ! -e file.part ]; same "which leaves nothing behind" 0 $?

rm part-3
expect "a missing shard is found" 3 \
	err 'shard 3 of 7 is missing; make it: steelyard sweep chat.yaml' -- \
	sweep --merge part-*
again=$(sed -n 's/.*make it: steelyard //p' err | head -1)
eval "set -- $again"
steelyard "$@"
mv part-3-of-7 part-3
expect "the command it names makes it" 0 -- sweep --merge part-* -o merged
check "and completes the sweep" cmp whole merged
expect "a shard that is there twice" 3 err 'there twice' -- \
	sweep --merge part-* part-3
head -n -1 part-2 >cut
expect "a shard that was cut short" 3 err 'not complete; make it again' -- \
	sweep --merge part-[13-7] cut
sed '4s/support/surport/' part-2 >changed
expect "a shard that was changed" 3 err 'was changed' -- \
	sweep --merge part-[13-7] changed
steelyard sweep $sweep --json --seed 2 --shard 2/7 -o foreign
expect "a shard of another sweep" 3 err 'another sweep' -- \
	sweep --merge part-[13-7] foreign
expect "a file that is no part" 3 err 'no part of a sweep' -- \
	sweep --merge chat.yaml
expect "no part at all" 7 err nowhere -- sweep --merge nowhere

export SLURM_ARRAY_TASK_ID=12 SLURM_ARRAY_TASK_COUNT=7 SLURM_ARRAY_TASK_MIN=10
expect "the place of a Slurm array" 0 -- \
	sweep $sweep --json --shard auto -o slurm
unset SLURM_ARRAY_TASK_ID SLURM_ARRAY_TASK_COUNT SLURM_ARRAY_TASK_MIN
check "is shard 3 of 7" cmp part-3 slurm
JOB_COMPLETION_INDEX=2 expect "the place of a Kubernetes job" 0 -- \
	sweep $sweep --json --shard auto/7 -o kube
check "is shard 3 of 7, too" cmp part-3 kube
expect "no place" 2 err 'none of SLURM_ARRAY_TASK_ID' -- \
	sweep $sweep --shard auto
for job in slurm parallel kubernetes; do
	expect "a job file: $job" 0 out 'sweep chat.yaml .*23' -- \
		sweep $sweep --json --job $job --shards 7
done
steelyard sweep $sweep --json --job slurm --shards 7
check "the Slurm one is a shell script" bash -n out

# --- stopping and going on ------------------------------------------------------------

big="chat.yaml --point --json --vary requests_per_day=10k..1M:log:600"
steelyard sweep $big
cp out whole
for signal in KILL INT TERM; do
	rm -f run run.part
	"$STEELYARD" sweep $big -o run 2>/dev/null &
	pid=$!
	# some lines, then the end
	until [ -e run.part ] && [ "$(wc -l <run.part)" -gt 60 ] ||
		[ -e run ]; do :; done
	kill -$signal $pid 2>/dev/null
	wait $pid 2>/dev/null
	[ -e run ] || printf '{"case": 99' >>run.part
	expect "stopped by $signal: goes on" 0 -- sweep $big -o run --resume
	check "and gives the same bytes" cmp whole run
done
cp whole run
steelyard sweep $big --shard 1/2 -o half
mv half half.part
expect "a part that stands there is not overwritten" 2 err 'go on with --resume' -- \
	sweep $big --shard 1/2 -o half
expect "one of another sweep is not continued" 3 err 'another sweep' -- \
	sweep $big --seed 9 --vary output_tok=1,2 --shard 1/2 -o half --resume

# --- wrong calls -------------------------------------------------------------------------

expect "no scenario" 2 err 'name a scenario' -- sweep --vary a=1..2
expect "an unknown parameter" 2 err 'no_such' noout -- \
	sweep chat.yaml --vary no_such=1..2
expect "a range upside down" 2 err 'below the upper' -- \
	sweep chat.yaml --vary requests_per_day=5..2
expect "two units" 2 err 'same unit' -- \
	sweep chat.yaml --vary 'gpu_hour_price=1 USD/h..3 USD/day'
expect "a logarithm of nothing" 2 err 'starts above 0' -- \
	sweep chat.yaml --vary requests_per_day=0..2:log
expect "a range of nonsense" 2 err 'write a range as' -- \
	sweep chat.yaml --vary requests_per_day=1..2:many
expect "more than a billion cases" 6 err '1000000000' -- sweep chat.yaml \
	--vary requests_per_day=1..2:1M --vary output_tok=1..2:1M
expect "a Sobol design of seven" 2 err 'power of two' -- sweep chat.yaml \
	--design sobol --points 7 --vary requests_per_day=1..2
expect "a shard beyond the last" 2 err 'K/N' -- sweep $sweep --shard 8/7
printf 'name,requests_per_day\na,1\nb\n' >short.csv
expect "a row that is too short" 3 err 'short.csv:3:1: 1 cells' -- \
	sweep chat.yaml --cases short.csv
printf 'name,requests_per_day\n' >none.csv
expect "no rows" 3 err 'no row below' -- sweep chat.yaml --cases none.csv
printf 'name,name\na,b\n' >twice.csv
expect "a column twice" 3 err 'twice' -- sweep chat.yaml --cases twice.csv
done_testing
