#!/usr/bin/env bash
# A sweep in shards where other programs start them: GNU parallel, Open MPI, a
# Slurm array on a cluster of this one machine.  Each gives the bytes of one
# process.  Nothing is installed; what is not here is skipped with its name.
. "${SRCDIR:-.}/tests/lib.sh"
cd "$work" || exit 99
cp "$SRCDIR/scenarios/support-chatbot-100k.yaml" chat.yaml
mkdir bin
ln -s "$STEELYARD" bin/steelyard
PATH=$work/bin:$PATH

sweep='sweep chat.yaml --samples 256 --json --vary requests_per_day=10k..1M:log:40'
steelyard $sweep
cp out whole

# absent NAME PROGRAM...: skips the case when one of them is not there.
absent() {
	local name=$1 program
	shift
	for program in "$@"; do
		command -v "$program" >/dev/null && continue
		skip "$name" "$program is not here"
		return 0
	done
	return 1
}

# --- GNU parallel ------------------------------------------------------------

with_parallel() {
	mkdir parallel && cp chat.yaml parallel && cd parallel || return
	steelyard $sweep --job parallel --shards 7
	check "parallel: the job file runs" sh "$work/out"
	check "parallel: seven shards are the bytes of one process" \
		cmp ../whole sweep.out
}

# --- Open MPI: only its variables are read --------------------------------------

with_mpi() {
	local mpirun='mpirun --oversubscribe -n 3'

	export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
	# shellcheck disable=SC2016
	check "mpirun: three ranks run" $mpirun sh -c \
		'exec steelyard "$@" --shard auto -o mpi-$OMPI_COMM_WORLD_RANK' \
		sh $sweep --threads 1
	expect "mpirun: their parts merge" 0 -- sweep --merge mpi-* -o mpi
	check "mpirun: into the bytes of one process" cmp whole mpi
}

# --- Slurm -------------------------------------------------------------------------
# One node, its daemons our own: sockets, keys and ports in the test's folder,
# ended by their numbers.

daemons=()
stop_daemons() {
	[ ${#daemons[@]} = 0 ] || kill "${daemons[@]}" 2>/dev/null
	wait 2>/dev/null
}

# until_true COMMAND...: within half a minute.
until_true() {
	local i
	for i in $(seq 150); do
		"$@" >/dev/null 2>&1 && return 0
		sleep 0.2
	done
	return 1
}

configure_slurm() {
	local host port=$((20000 + $$ % 20000))

	host=$(hostname -s)
	mkdir -p slurm/state slurm/spool slurm/munge
	chmod 700 slurm/munge
	head -c 1024 /dev/urandom >slurm/munge/key
	chmod 600 slurm/munge/key
	cat >slurm/slurm.conf <<END
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmdPort=$((port + 1))
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$work/slurm/munge/socket
CredType=cred/munge
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ReturnToService=2
StateSaveLocation=$work/slurm/state
SlurmdSpoolDir=$work/slurm/spool
SlurmctldPidFile=$work/slurm/ctld.pid
SlurmdPidFile=$work/slurm/d.pid
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=all Nodes=$host Default=YES MaxTime=INFINITE State=UP
END
	export SLURM_CONF=$work/slurm/slurm.conf
}

start_slurm() {
	local m=$work/slurm/munge

	configure_slurm
	munged --force --foreground --key-file="$m/key" --socket="$m/socket" \
		--pid-file="$m/pid" --log-file="$m/log" --seed-file="$m/seed" \
		>/dev/null 2>&1 &
	daemons+=($!)
	until_true test -S "$m/socket" || return
	slurmctld -D >slurm/ctld.log 2>&1 &
	daemons+=($!)
	slurmd -D >slurm/d.log 2>&1 &
	daemons+=($!)
	until_true eval '[ "$(sinfo -h -o %t)" = idle ]'
}

all_done() {
	[ -z "$(squeue -h 2>&1)" ]
}

with_slurm() {
	trap 'stop_daemons; rm -rf "$work"' EXIT
	if ! start_slurm; then
		skip "slurm: an array" "the daemons do not start here: $(
			tail -n 1 slurm/d.log slurm/ctld.log 2>/dev/null | xargs)"
		stop_daemons
		return
	fi
	steelyard $sweep --job slurm --shards 5
	cp out job.sh
	# shard 3 is killed the first time, before it begins
	sed '/^exec/i [ -e went-on ] || [ "$SLURM_ARRAY_TASK_ID" != 3 ] || kill -9 $$' \
		job.sh >fated.sh
	check "slurm: an array of five is taken" sbatch fated.sh
	check "slurm: it comes to an end" until_true all_done
	expect "slurm: the merge names the task that was killed" 3 \
		err 'shard 3 of 5 is missing; make it: steelyard sweep chat' \
		err 'sbatch --array=3' -- sweep --merge part-*-of-5
	: >went-on
	check "slurm: that one is taken again" sbatch --array=3 fated.sh
	check "slurm: and ends" until_true all_done
	expect "slurm: the parts merge" 0 -- \
		sweep --merge part-*-of-5 -o slurm.out
	check "slurm: into the bytes of one process" cmp whole slurm.out
	stop_daemons
}

absent "GNU parallel" parallel || with_parallel
cd "$work" || exit 99
absent "Open MPI" mpirun || with_mpi
if [ "$(id -u)" = 0 ]; then
	absent "Slurm" munged slurmctld slurmd sbatch || with_slurm
else
	skip "Slurm" "its daemons want root here"
fi
done_testing
