#!/usr/bin/env bash
# What surrounds the work: completion, doctor, the meaning of exit statuses.
. "${SRCDIR:-.}/tests/lib.sh"
cd "$work" || exit 99

# --- completion ---------------------------------------------------------------

# complete WORD...: what bash would offer for the last of these words.
complete_bash() {
	bash --norc -c '
		source ./bash
		COMP_WORDS=(steelyard "$@")
		COMP_CWORD=$#
		_steelyard steelyard "${COMP_WORDS[COMP_CWORD]}" \
			"${COMP_WORDS[COMP_CWORD-1]}"
		printf "%s\n" "${COMPREPLY[@]}"' - "$@"
}

for shell in bash zsh fish; do
	expect "a script for $shell" 0 out steelyard noerr -- completion $shell
	cp out $shell
done
expect "another shell is refused" 2 err 'bash zsh fish' -- completion tcsh

same "bash completes commands" evaluate "$(complete_bash eva)"
same "bash completes second words" test "$(complete_bash models te)"
same "bash completes options of a command" --point \
	"$(complete_bash evaluate --poi)"
same "bash knows no options of other commands" "" \
	"$(complete_bash show --poi)"
same "bash completes an option's values" always \
	"$(complete_bash evaluate --color al)"
same "bash completes models" build-vs-buy \
	"$(complete_bash voi x.yaml build)"

for shell in zsh fish; do
	if command -v $shell >/dev/null; then
		check "$shell reads its script" $shell -n ./$shell
	else
		skip "$shell reads its script" "no $shell here"
	fi
done
every_option() {
	"$STEELYARD" --print-docs=markdown | grep -oE '`(-., )?--[a-z-]+' |
		grep -oE '[-]-[a-z-]+' | sort -u | while read -r o; do
		grep -qe "$o" bash && grep -qe "$o" zsh &&
			grep -qe "-l ${o#--}" fish || echo "$o"
	done
}
# --fresh and --no-mouse are the screen's, which has no word to follow.
same "every option is in every script" "--fresh
--no-mouse
--plain" "$(every_option | sort -u)"

# --- doctor -------------------------------------------------------------------

expect "doctor tells the versions" 0 out '^libraries .*gsl [0-9]' -- doctor
check "and the width in use" grep -qE '^vector widths .*; in use: ' out
check "and that no store is there yet" grep -q 'none yet' out
expect "a store" 0 -- save "$SRCDIR/scenarios/support-chatbot-100k.yaml" \
	--samples 1024
expect "is found sound" 0 out 'store .*sound, 1 scenario, writable' -- doctor
head -c 5000 /dev/urandom >junk.db
expect "a file that is no store is a problem" 1 \
	out 'store .*<- a problem' -- doctor --store junk.db

# --- exit statuses ------------------------------------------------------------

expect "--explain-exit tells of success" 0 err 'status 0: done' -- \
	models list --explain-exit
: >empty.yaml
expect "and of failure" 3 err 'status 3: bad input' -- \
	evaluate empty.yaml --explain-exit
done_testing
