/*
 * What is kept of a log while it passes: sums, counts by day and by second,
 * and lengths in bins; the room does not grow with the number of entries.
 * Private to src/evidence.
 */
#ifndef STEELYARD_EVIDENCE_TALLY_H
#define STEELYARD_EVIDENCE_TALLY_H

#include "evidence/record.h"

#define DAYS_MOST 20000
#define SECONDS_MOST (1 << 23)          /* 97 days at a second each */
#define EXACT_MOST (1 << 16)            /* lengths below are counted each */
#define NAMES_MOST 20000
#define SEEN (1u << 22)                 /* marks of ids, 8 a place */
#define SEEN_WAYS 8u

struct day {
	double requests, failed, input, output, spend;
	double owned;                   /* of the spend, with a team or tag */
	double charge[CHARGES];         /* of the spend, for what but use */
	double unpriced;                /* requests with tokens, but no money */
};

/* A sample of one quantity: counts that give its quantiles, and moments (of
 * those beyond EXACT_MOST alone until tally_close). */
struct lengths {
	double n, sum, square, log_n, log_sum, log_square, most;
	unsigned *exact;                /* EXACT_MOST counts of whole values */
	double log_bin[512];            /* beyond: 2 % a bin */
};

/* Spend and use of one name of one kind (team, model ...). */
struct share {
	const char *name;               /* NULL: nobody's */
	double requests, input, output, spend, failed;
	double *by_day;                 /* spend, DAYS of the tally */
	int days;
};

struct shares {
	int n;
	struct share *share;
	int *slot;                      /* open addressing over names */
	bool overflow;
};

struct money { char currency[8]; double spend; long rows; };

struct tally {
	struct import *m;
	const struct import_request *q;
	struct err *err;
	int asked;                      /* enum group; BY_N: none */
	bool all;                       /* groups are asked for */
	long entries;                   /* since the last question */
	bool rollup, seen_spend, seen_failed, seen_cached;
	bool seen_requests, seen_owner;
	double requests, failed, input, output, spend;  /* tally_close */
	double input_requests;          /* requests of entries with tokens */
	double cross, out_square, in_square, pairs, pair_in, pair_out;
	double cached_square, cached_cross, cached_in, cached_in_square;
	double cached_sum;
	double prefix_sum, prefix_n;
	struct lengths in, out;
	double ttft_n, ttft_sum, ttft_square, ttft_bin[512];
	double from, to, previous, longest;
	long backwards, zoned, unzoned, late, twins;
	double day0;                    /* the first day, days since 1970 */
	double midnight;                /* before the last entry: of `today` */
	int today;
	int ndays;
	struct day *day;
	double base;                    /* time of bin 0 */
	int nbins;
	unsigned *bin;                  /* requests a second */
	bool bins_full;
	uint32_t *seen;                 /* of the last millions of ids */
	struct shares by[BY_N];
	struct money money[8];
	int nmoney;
	double purchases;               /* money ahead of use, not in `spend` */
	double tokens_bought, tokens_used;      /* as a virtual currency */
};

void tally_init(struct tally *t, struct import *m,
                const struct import_request *q, struct err *err);
void tally_release(struct tally *t);
bool tally_add(void *ctx, struct use *u);       /* for usage_read */

/* What counts and days add to moments and totals: once, at the end. */
void tally_close(struct tally *t);
/* The p quantile of lengths; NAN without any. */
double lengths_quantile(const struct lengths *l, double p);
double bins_quantile(const double *bin, double unit, double n, double p);
/* The distance of Kolmogorov and Smirnov from a lognormal law with the
 * sample's own parameters. */
double lengths_lognormal_ks(const struct lengths *l);
/* Half the 90 % interval of a ratio of sums over n > 1 parts, by linearisation
 * (Cochran 1977, 6.4): `square` is the sum of (above - ratio * below)^2 over the
 * parts, `below` the sum that divides. */
double ratio_half(double square, double n, double below);
/* Clopper-Pearson's interval at 90 %. */
void share_interval(double hits, double n, double *low, double *high);

/* The figures, and who spends what. */
void usage_figures(struct tally *t);
bool usage_spend(struct tally *t);

#endif
