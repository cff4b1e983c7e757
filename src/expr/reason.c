/*
 * The words of infeasible(...) as numbers.  The table only ever grows and a
 * word always keeps its number, so it is shared by all environments: a state
 * that crosses from one model into another needs no translation.
 */
#include <pthread.h>
#include <string.h>

#include "base/mem.h"
#include "expr/env.h"

#define REASONS_MAX 4096        /* far beyond what 1 MiB of YAML can name */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char *word_of[REASONS_MAX];
static int words;

int reason_code(const char *word)
{
	int k;

	pthread_mutex_lock(&lock);
	for (k = 0; k < words; k++)
		if (strcmp(word_of[k], word) == 0)
			break;
	if (k == words && words < REASONS_MAX)
		word_of[words++] = xstrdup(word);
	pthread_mutex_unlock(&lock);
	return STATE_REASON + (k < REASONS_MAX ? k : REASONS_MAX - 1);
}

const char *reason_name(int code)
{
	const char *word = "unknown";
	int k = code - STATE_REASON;

	pthread_mutex_lock(&lock);
	if (k >= 0 && k < words)
		word = word_of[k];
	pthread_mutex_unlock(&lock);
	return word;
}
