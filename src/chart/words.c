#include "chart/words.h"

#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "base/num.h"
#include "chart/chart.h"
#include "base/banned.h"

const char *words_unit(const char *unit)
{
	return unit && strcmp(unit, "1") != 0 ? unit : "";
}

void words_quantity(struct buf *out, double v, const char *unit)
{
	num_human(out, v, 3);
	if (*words_unit(unit))
		buf_addf(out, " %s", unit);
}

void words_percent(struct buf *out, double p)
{
	if (p > 0 && p < 0.005)
		buf_add(out, "<1 %");
	else if (p < 1 && p > 0.995)
		buf_add(out, ">99 %");
	else
		buf_addf(out, "%.0f %%", 100 * p);
}

void chart_title(struct buf *out, const char *title)
{
	bool word = title[0] && title[1] >= 'a' && title[1] <= 'z';

	if (word && title[0] >= 'A' && title[0] <= 'Z')
		buf_addc(out, (char)(title[0] + 'a' - 'A'));
	else if (title[0])
		buf_addc(out, title[0]);
	if (title[0])
		buf_add(out, title + 1);
}

const char *words_option(const char *const *title, int n, int option)
{
	return option >= 0 && option < n ? title[option] : "no option";
}

enum role chart_series_role(int option)
{
	return ROLE_SERIES_A +
	       (enum role)(option >= 0 ? option % 6 : 0);
}

char chart_series_letter(int option)
{
	return (char)('a' + (option >= 0 ? option % 26 : 0));
}

void chart_amount(struct buf *out, double v, const char *unit)
{
	if (unit && strncmp(unit, "USD", 3) == 0)
		num_money(out, v);
	else
		num_human(out, v, 3);
}
