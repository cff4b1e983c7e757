/* What a tape keeps of a run for the next one. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "expr/schedule.h"

#define WORD 64

/* --- what hangs on what ------------------------------------------------- */

/* By node, a set of the tape's inputs. */
struct below {
	const struct dag *dag;
	size_t words;
	uint64_t *set;
};

static bool join(struct below *b, node_id to, node_id from)
{
	bool more = false;

	for (size_t w = 0; w < b->words; w++) {
		uint64_t *set = &b->set[(size_t)to * b->words + w];
		uint64_t all = *set | b->set[(size_t)from * b->words + w];

		more |= all != *set;
		*set = all;
	}
	return more;
}

static bool join_operands(struct below *b, node_id n)
{
	const struct dag_node *d = dag_get(b->dag, n);
	bool more = false;

	for (int k = 0; k < d->nargs; k++)
		more |= join(b, n, operands(d)[k]);
	if (d->op == OP_STOCK && d->next != NODE_NONE)
		more |= join(b, n, d->next);
	return more;
}

/* A stock's next value stands behind it: a few rounds do. */
static void find_below(struct below *b, const struct dag *d,
                       const struct tape *t)
{
	bool more = true;

	b->dag = d;
	b->words = (t->ninputs + WORD - 1) / WORD;
	b->set = xcalloc((size_t)dag_size(d) * b->words + 1, sizeof *b->set);
	for (node_id n = 0; n < dag_size(d); n++)
		for (size_t k = 0; k < t->ninputs; k++)
			if (dag_get(d, n)->op == OP_INPUT &&
			    dag_get(d, n)->id == t->input[k])
				b->set[(size_t)n * b->words + k / WORD] |=
					1ull << k % WORD;
	while (more) {
		more = false;
		for (node_id n = 0; n < dag_size(d); n++)
			more |= join_operands(b, n);
	}
}

/* --- which instructions ------------------------------------------------- */

static void add_rows(struct tape_memo *m, const struct below *b, size_t pc,
                     node_id node, int n)
{
	m->row[pc] = m->rows;
	for (int i = 0; i < n; i++, m->rows++)
		for (size_t w = 0; w < m->words; w++)
			*ARR_PUSH(m->set, m->nset, m->set_cap) =
				b->set[(size_t)node * b->words + w];
}

/* Built-ins and searches; of those in a loop over months one a month. */
static void find_rows(struct tape_memo *m, const struct tape *t,
                      const struct below *b, size_t from, size_t to,
                      int months)
{
	for (size_t pc = from; pc < to; pc++) {
		const struct insn *i = &t->code.insn[pc];
		size_t end = pc + (size_t)i->end;

		m->row[pc] = -1;
		if (insn_op(i) == OP_CALL || (insn_op(i) == T_SEARCH && !months))
			add_rows(m, b, pc, i->node, months ? months : 1);
		if (!has_body(i))
			continue;
		for (size_t k = pc + 1; k < end; k++)
			m->row[k] = -1;
		if (insn_op(i) == T_LOOP && i->a && !months)
			find_rows(m, t, b, pc + 1, end, i->a);
		pc = end - 1;
	}
}

struct tape_memo *tape_memo_new(const struct dag *d, const struct tape *t,
                                int64_t draws)
{
	struct tape_memo *m = xcalloc(1, sizeof *m);
	struct below b;
	size_t bytes;

	m->strips = (int)((draws + TAPE_STRIP - 1) / TAPE_STRIP);
	m->row = xcalloc(t->code.n + 1, sizeof *m->row);
	find_below(&b, d, t);
	m->words = b.words;
	find_rows(m, t, &b, 0, t->code.n, 0);
	free(b.set);
	bytes = (size_t)m->rows * (size_t)m->strips * sizeof(double[TAPE_STRIP]);
	if (m->rows == 0 || bytes > TAPE_MEMO_BYTES) {
		tape_memo_free(m);
		return NULL;
	}
	m->value = xaligned(64, bytes);
	m->valid = xcalloc((size_t)m->rows * (size_t)m->strips, 1);
	return m;
}

void tape_memo_free(struct tape_memo *m)
{
	if (!m)
		return;
	free(m->row);
	free(m->set);
	free(m->value);
	free(m->valid);
	free(m);
}

static bool hangs(const struct tape_memo *m, int row, const bool *changed,
                  int n)
{
	const uint64_t *set = m->set + (size_t)row * m->words;

	for (int k = 0; k < n; k++)
		if (changed[k] && set[k / WORD] >> k % WORD & 1)
			return true;
	return false;
}

void tape_memo_forget(struct tape_memo *m, const bool *changed, int n)
{
	for (int row = 0; row < m->rows; row++)
		for (int s = 0; hangs(m, row, changed, n) && s < m->strips; s++)
			m->valid[(size_t)s * (size_t)m->rows + (size_t)row] = 0;
}

/* --- while a tape runs -------------------------------------------------- */

static size_t place(const struct frame *f, const struct insn *i)
{
	const struct tape_memo *m = f->memo;
	size_t strip = (size_t)((f->memo_first + f->first) / TAPE_STRIP);

	return strip * (size_t)m->rows + (size_t)f->month +
		(size_t)m->row[i - f->tape->code.insn];
}

bool memo_keeps(const struct frame *f, const struct insn *i)
{
	return f->memo && f->memo->row[i - f->tape->code.insn] >= 0;
}

bool memo_take(struct frame *f, const struct insn *i)
{
	size_t at = place(f, i);

	if (!f->memo->valid[at])
		return false;
	memcpy(f->at + i->r, f->memo->value + at * TAPE_STRIP,
	       sizeof(double[TAPE_STRIP]));
	return true;
}

void memo_put(struct frame *f, const struct insn *i)
{
	size_t at = place(f, i);

	memcpy(f->memo->value + at * TAPE_STRIP, f->at + i->r,
	       sizeof(double[TAPE_STRIP]));
	f->memo->valid[at] = 1;
}

void frame_memo(struct frame *f, struct tape_memo *m, int64_t first)
{
	f->memo = m;
	f->memo_first = first;
}
