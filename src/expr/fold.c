#include "expr/fold.h"

#include "expr/kernels.h"

double fold_op(enum op op, const double *operand)
{
	double strip[4][TAPE_STRIP];

	for (int k = 0; k < 3; k++)
		for (int i = 0; i < TAPE_STRIP; i++)
			strip[k][i] = operand[k];
	kernels_sse2.fn[op](strip[3], strip[0], strip[1], strip[2]);
	return strip[3][0];
}
