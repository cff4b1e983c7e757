#!/usr/bin/env bash
# The store under a program that is killed, a disk that is full, a file system
# that may only be read, a lock that is not let go.
. "${SRCDIR:-.}/tests/lib.sh"
cd "$work" || exit 99
cp "$SRCDIR"/scenarios/support-chatbot-100k.yaml one.yaml
few='--samples 64'
RANDOM=8

# content STORE: the digest of all that it holds.
content() {
	"$STEELYARD" store check --store "$1" 2>/dev/null | grep ^content
}

# Something to write: 12 revisions with their evaluations.
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
	steelyard save one.yaml $few --set requests_per_day=${i}00k
done
steelyard decide one.yaml build-vs-buy api_open $few
store=$XDG_DATA_HOME/steelyard/store.db
all=$(content "$store")
check "a store to begin with" test -n "$all"

# --- killed ------------------------------------------------------------------

# killed MILLISECONDS ARGUMENT...: ends the program at a random moment of these.
killed() {
	local most=$1
	shift
	"$STEELYARD" "$@" >/dev/null 2>&1 &
	sleep "$(printf '0.%03d' $((RANDOM % most)))"
	kill -9 $! 2>/dev/null
	wait $! 2>/dev/null
}

# holds NAME WHY
outcome() {
	if [ -z "$2" ]; then pass "$1"; else fail "$1" "$2"; fi
}

why=
for i in $(seq 12); do
	killed 60 store export folder
	find folder -name '*.json' -size 0 2>/dev/null | grep -q . && why="an empty file"
	[ $((i % 4)) = 0 ] || continue
	steelyard store export folder
	[ "$status" = 0 ] || why="export: $(cat err)"
	rm -rf back.db
	steelyard store import folder --store back.db
	[ "$(content back.db)" = "$all" ] || why="import: $(cat err)"
	rm -rf folder
done
outcome "export, killed 12 times" "$why"

steelyard store export folder
why=
for i in $(seq 12); do
	killed 60 store import folder --store half.db
	[ ! -e half.db ] || steelyard store check --store half.db
	[ "$status" = 0 ] || why="import: $(cat err)"
done
steelyard store import folder --store half.db
[ "$(content half.db)" = "$all" ] || why="differs"
outcome "import, killed 12 times" "$why"

why=
for i in $(seq 12); do
	killed 40 store merge "$store" --store third.db
	[ ! -e third.db ] || steelyard store check --store third.db
	[ "$status" = 0 ] || why="merge: $(cat err)"
	killed 20 store backup "copy$i.db"
	[ ! -e "copy$i.db" ] || [ "$(content "copy$i.db")" = "$all" ] ||
		why="half a backup"
done
steelyard store merge "$store" --store third.db
[ "$(content third.db)" = "$all" ] || why="differs"
outcome "merge and backup, killed 12 times" "$why"

why=
for i in $(seq 12); do
	killed 400 save one.yaml $few --set requests_per_day=${i}k \
		--store third.db
	steelyard store check --store third.db
	[ "$status" = 0 ] || why="save: $(cat err)"
done
outcome "save, killed 12 times" "$why"

# --- a small disk ---------------------------------------------------------------

mkdir disk
if mount -t tmpfs -o size=1m tmpfs disk 2>/dev/null; then
	trap 'umount disk 2>/dev/null; rm -rf "$work"' EXIT
	saved=0 why=
	for i in $(seq 40); do
		steelyard save one.yaml $few --set requests_per_day=${i}10k \
			--store disk/s.db
		[ "$status" = 0 ] || break
		saved=$i
	done
	[ "$status" = 7 ] && grep -q 'no space' err || why="$status: $(cat err)"
	steelyard log --store disk/s.db --limit 99
	[ "$(grep -c . out)" = "$saved" ] || why+=" $saved saved, $(cat out err)"
	outcome "a full disk after $saved saves: all are there" "$why"
	expect "and the store is sound" 0 out ': sound' -- \
		store check --store disk/s.db
	expect "no room for a backup" 7 noout err 'disk/b.db' -- \
		store backup disk/b.db --store disk/s.db
	check "and none is there" test -z "$(ls disk | grep -v '^s.db$')"
	expect "no room for a folder" 7 err . -- store export disk/out \
		--store "$store"
	check "and no file is cut short" test -z \
		"$(find disk/out -type f -size 0 2>/dev/null)"
	rm -rf disk/out

	mount -o remount,ro disk
	expect "read-only: what is there can be read" 0 out '@r' -- \
		log --store disk/s.db
	expect "nothing can be saved" 7 noout err 'may only be read' -- \
		save one.yaml $few --store disk/s.db
	expect "but copied away" 0 noerr -- store backup away.db \
		--store disk/s.db
	expect "and merged" 0 noerr out 'taken: ' -- store merge disk/s.db \
		--store third.db
	expect "no store can be made there" 7 noout err 'disk' -- \
		save one.yaml $few --store disk/new.db
	umount disk
else
	skip "a full and a read-only disk" "mount is not allowed here"
fi

# --- a lock that is kept ----------------------------------------------------------

if command -v python3 >/dev/null; then
	python3 - "$store" <<'EOF' &
import sqlite3, sys, time
c = sqlite3.connect(sys.argv[1], isolation_level=None)
c.execute("BEGIN EXCLUSIVE")
open("locked", "w").close()
time.sleep(60)
EOF
	holder=$!
	while [ ! -e locked ]; do sleep 0.05; done
	expect "a lock that is kept" 5 noout err 'locked .* try again' -- \
		store check
	kill -9 $holder
	wait $holder 2>/dev/null
	same "its holder killed: all is there" "$all" "$(content "$store")"
else
	skip "a lock that is kept" "python3 is not here"
fi
done_testing
