/*
 * Views: the state as cells.  They read the state and change nothing.
 * Private to src/tui but for view_draw().
 */
#ifndef STEELYARD_TUI_VIEW_H
#define STEELYARD_TUI_VIEW_H

#include "tui/layout.h"
#include "tui/state.h"

/* The whole screen; the grid takes the state's size. */
void view_draw(const struct state *st, struct grid *g);

/* A frame, or on compact screens a heading; returns what is left inside. */
struct rect view_panel(struct grid *g, const struct layout *l, struct rect r,
                       const char *title, const char *note, bool focused);
void view_trades(const struct state *st, struct grid *g,
                 const struct layout *l);
void view_saved(const struct state *st, struct grid *g,
                const struct layout *l);
void view_form(const struct state *st, struct grid *g,
               const struct layout *l);
void view_detail(const struct state *st, struct grid *g,
                 const struct layout *l);
void view_ask(const struct state *st, struct grid *g, const struct layout *l);
void view_verdict(const struct state *st, struct grid *g,
                  const struct layout *l);
void view_picture(const struct state *st, struct grid *g,
                  const struct layout *l, struct rect r, enum picture p,
                  bool focused);
void view_title(const struct state *st, struct grid *g, struct rect r);
void view_keys(const struct state *st, struct grid *g, struct rect r);

/* "firm" -> ROLE_FIRM ... */
enum role view_badge_role(const char *badge);

/* The key bar's items that fit in `w` columns, by priority. */
struct key_item { const char *key, *label; enum action action; int x, w; };
#define KEY_ITEMS 48
/* Where they stand in the bar's row; empty while a message takes it all. */
struct rect view_key_bar(const struct state *st, struct rect r);
int view_key_items(const struct state *st, int w,
                   struct key_item item[KEY_ITEMS]);

/* Inside of a list and the row it starts with; for clicks. */
struct rect view_inside(const struct layout *l, struct rect r);
int view_trade_rows(const struct state *st, struct rect inside); /* 1 or 2 */

#endif
