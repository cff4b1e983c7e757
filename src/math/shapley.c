#include "math/shapley.h"

#include "base/banned.h"

void shapley_exact(int n, const double *value, double *share)
{
	double weight[SHAPLEY_MOST];    /* of a set of k others: k!(n-k-1)!/n! */

	for (int k = 0; k < n; k++) {
		weight[k] = 1.0 / n;
		for (int i = 1; i <= k; i++)
			weight[k] *= (double)i / (n - i);
	}
	for (int i = 0; i < n; i++) {
		unsigned bit = 1u << i;

		share[i] = 0;
		for (unsigned s = 0; s < 1u << n; s++)
			if (!(s & bit))
				share[i] += weight[__builtin_popcount(s)] *
				            (value[s | bit] - value[s]);
	}
}
