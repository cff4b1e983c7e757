#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

/* Longer words are not names. */
#define LONGEST 64
#define EDITS 2

static int least(int a, int b)
{
	return a < b ? a : b;
}

/*
 * Rows of the usual table (optimal string alignment), three of them:
 *
 *	row[0] two letters back (for swaps), row[1] one back, row[2] this one
 */
int text_distance(const char *a, const char *b, int most)
{
	int la = (int)strnlen(a, LONGEST + 1);
	int lb = (int)strnlen(b, LONGEST + 1);
	int row[3][LONGEST + 2];

	if (la > LONGEST || lb > LONGEST || abs(la - lb) > most)
		return strcmp(a, b) ? most + 1 : 0;
	for (int k = 0; k <= lb; k++)
		row[1][k] = row[0][k] = k;
	for (int i = 1; i <= la; i++) {
		row[2][0] = i;
		for (int k = 1; k <= lb; k++) {
			int same = a[i - 1] == b[k - 1];
			int d = row[1][k - 1] + !same;

			d = least(d, least(row[1][k], row[2][k - 1]) + 1);
			if (i > 1 && k > 1 && a[i - 1] == b[k - 2] &&
			    a[i - 2] == b[k - 1])
				d = least(d, row[0][k - 2] + 1);
			row[2][k] = d;
		}
		memcpy(row[0], row[1], sizeof row[0]);
		memcpy(row[1], row[2], sizeof row[1]);
	}
	return least(row[1][lb], most + 1);
}

const char *text_nearest(const char *word, const char *const *known)
{
	int letters = (int)strnlen(word, LONGEST);
	int best = letters ? least(EDITS, (letters - 1) / 2) + 1 : 0;
	const char *found = NULL;

	for (; *known; known++) {
		int d = text_distance(word, *known, EDITS);

		if (d < best) {
			best = d;
			found = *known;
		}
	}
	return found;
}
