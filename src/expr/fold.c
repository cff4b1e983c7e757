#include "expr/fold.h"

#include "expr/kernels.h"

_Static_assert(DAG_TABLE % TAPE_STRIP == 0, "tables are whole strips");

double fold_op(enum op op, const double *operand)
{
	double strip[4][TAPE_STRIP];

	for (int k = 0; k < 3; k++)
		for (int i = 0; i < TAPE_STRIP; i++)
			strip[k][i] = operand[k];
	kernels_sse2.fn[KERNEL((int)op, 0)](strip[3], strip[0], strip[1], strip[2]);
	return strip[3][0];
}

void fold_table(enum op op, int form, const double *const *operand, double *r)
{
	strip_fn fn = kernels_sse2.fn[KERNEL((int)op, form)];

	for (int m = 0; m < DAG_TABLE; m += TAPE_STRIP) {
		const double *at[3];

		for (int k = 0; k < 3; k++)
			at[k] = !operand[k] ? r : form >> k & 1 ? operand[k]
				: operand[k] + m;
		fn(r + m, at[0], at[1], at[2]);
	}
}
