/*
 * Price files that a scenario names beside the built-in map, and who goes
 * first: what the user sets, then its files as they stand in the list, then the
 * map that came with the program.
 */
#include "model/bound_int.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

struct kept_prices {
	struct price_map *map;
	struct timespec changed;
	off_t size;
	struct kept_prices *next;
};

void kept_prices_free(struct kept_prices *k)
{
	while (k) {
		struct kept_prices *next = k->next;

		prices_free(k->map);
		free(k);
		k = next;
	}
}

static const struct price_map *price_file(struct binder *bd, const char *path)
{
	struct kept_prices **shelf = library_price_files(bd->l), *k;
	struct price_map *map;
	struct stat st = { 0 };

	if (stat(path, &st) == 0)
		for (k = *shelf; k; k = k->next)
			if (strcmp(k->map->path, path) == 0
			    && k->size == st.st_size
			    && k->changed.tv_sec == st.st_mtim.tv_sec
			    && k->changed.tv_nsec == st.st_mtim.tv_nsec)
				return k->map;
	map = prices_load(library_units(bd->l), path, &bd->err);
	if (!map)
		return NULL;
	k = xcalloc(1, sizeof *k);
	*k = (struct kept_prices){ map, st.st_mtim, st.st_size, *shelf };
	*shelf = k;
	return map;
}

/* "ID.FIELD" with an id that may hold dots. */
static void check_set(struct binder *bd)
{
	const struct ynode *set = bd->s->price_set;

	for (int i = 0; set && i < set->n; i++) {
		const char *dot = strrchr(set->key[i]->text, '.');

		if (!dot || dot == set->key[i]->text || dot[1] == '\0')
			err_at(&bd->err, ERR_INPUT, set->key[i]->pos, "`%s`: a "
			       "price is written ID.FIELD", set->key[i]->text);
	}
}

void bind_price_files(struct binder *bd)
{
	struct bound *b = bd->b;
	int n = 0;

	while (bd->s->price_files && bd->s->price_files[n])
		n++;
	b->price_map = arena_alloc(b->arena, ((size_t)n + 2)
	                                     * sizeof *b->price_map);
	for (int i = 0; i < n; i++) {
		const char *name = bd->s->price_files[i];
		const char *path = bound_path(bd, name);
		const struct price_map *map = price_file(bd, path);

		if (!map || !bound_file_same(bd, name, binder_place(bd),
		                             map->digest))
			continue;
		b->price_map[b->nprice_maps++] = map;
		bound_note_file(bd, "prices", NULL, name, path, map->digest);
	}
	b->price_map[b->nprice_maps++] = b->prices;
	check_set(bd);
}

const struct price *bound_price(const struct bound *b, const char *id,
                                const char *field, const char *as_of,
                                const char **origin)
{
	for (int i = 0; i < b->nprice_maps; i++) {
		const struct price *p = price_find(b->price_map[i], id, field,
		                                   as_of);

		if (!p)
			continue;
		*origin = i + 1 < b->nprice_maps ? "price file" : "price map";
		return p;
	}
	return NULL;
}

const char *bound_price_over(const struct binder *bd,
                             const struct setting *s, int from)
{
	const struct bound *b = bd->b;

	for (int i = from; i < b->nprice_maps; i++) {
		const struct price *p = price_find(b->price_map[i], s->name,
			s->field, bd->s->prices_as_of);

		if (p)
			return arena_printf(b->arena, "%s %.6g %s of %s",
				i + 1 < b->nprice_maps ? "imported" :
				"built-in", p->shown, p->unit_text,
				p->source.date);
	}
	return NULL;
}

bool bound_price_missing(struct binder *bd, const char *id, const char *field,
                         struct pos pos)
{
	const struct bound *b = bd->b;
	int best = b->nprice_maps - 1;

	/* the file that knows the model says the most about it */
	for (int i = b->nprice_maps - 1; i >= 0; i--)
		if (b->price_map[i]->unpriced
		    && yaml_get(b->price_map[i]->unpriced, id))
			best = i;
	return price_missing(b->price_map[best], id, field,
	                     bd->s->prices_as_of, pos, &bd->err);
}
