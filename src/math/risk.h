/*
 * A classifier's confidences and whether it was right: what a review of
 * everything below a threshold catches, and where the threshold should stand.
 *
 * An item is reviewed when its score lies below the threshold, so equal scores
 * are reviewed together or not at all.  The thresholds worth trying are 0 (no
 * review), each score that occurs, and RISK_ALL (review of everything).
 *
 * A `risk` is one block of memory, freed with free(); it is made from n >= 1
 * scores in any order and n truths (0 or 1), and never changes.  All shares are
 * of the n items.
 */
#ifndef STEELYARD_MATH_RISK_H
#define STEELYARD_MATH_RISK_H

/* Above every score up to 1, and shown as 1. */
#define RISK_ALL 1.0000000000000002

struct risk;

/* From n scores and n truths (the columns above). */
struct risk *risk_new(const double *score, const double *correct, int n);

int risk_items(const struct risk *r);
int risk_errors(const struct risk *r);

/* Share of items, and of items that are wrong, below a threshold. */
double risk_below(const struct risk *r, double threshold);
double risk_wrong_below(const struct risk *r, double threshold);
/* The highest threshold that reviews no more than this share. */
double risk_threshold_of_share(const struct risk *r, double share);

/* The threshold at which `review` x share reviewed - `caught` x errors reviewed
 * is least; the lowest of equals.  Chow's rule (1970) on the calibrated score:
 * an item is reviewed when it is wrong with more than review / caught.  Exact:
 * it runs along the isotonic fit's blocks. */
double risk_best_threshold(const struct risk *r, double review, double caught);

/* The probability of being right, isotonic in the score (pool adjacent
 * violators: Ayer et al. 1955; equal scores are pooled first).  Between two
 * scores that of the lower one, below all that of the first. */
double risk_calibrated(const struct risk *r, double score);
/* The moments of that probability over the items, as the two numbers of a Beta
 * law: 0 for the first, 1 for the second.  NAN where it does not vary, or only
 * takes the values 0 and 1. */
double risk_beta_moment(const struct risk *r, int which);

/* Mean over `bins` equal bins of |accuracy - mean score|, by items. */
double risk_calibration_error(const struct risk *r, int bins);
double risk_brier(const struct risk *r);        /* mean (score - right)^2 */
/* Mean over k of the errors among the k highest scores / k; a tie's members
 * take the risk at its end (Geifman, El-Yaniv 2017).  The excess is over a
 * score that puts every error last. */
double risk_area(const struct risk *r);
double risk_excess_area(const struct risk *r);
/* The chance that a right item scores above a wrong one, ties half (Mann,
 * Whitney 1947); NAN when all are right or all are wrong. */
double risk_auroc(const struct risk *r);

/* The lowest threshold, by binary search, above which the share of errors is at
 * most `target` with confidence 1 - `delta`: selection with guaranteed risk
 * (Geifman, El-Yaniv 2017), each of its ceil(log2 n) looks at a
 * Clopper-Pearson bound of delta / looks.  NAN where none is found. */
double risk_safe_threshold(const struct risk *r, double target, double delta);

/* Clopper and Pearson's bounds (1934) of a probability of which `hits` of
 * `trials` were seen, each missed with probability `alpha`; 0 <= hits <=
 * trials, 0 < alpha < 1; without trials 0 and 1. */
double clopper_pearson_lower(double hits, double trials, double alpha);
double clopper_pearson_upper(double hits, double trials, double alpha);

#endif
