/* Tables in right-to-left languages: at most one right-to-left column, and it is the last. */
#ifndef INAP_CLIENT_OUT_ORDER_H
#define INAP_CLIENT_OUT_ORDER_H

#include <stdbool.h>
#include <stdio.h>

struct view;

/** Does text hold letters or digits that are written from the right? */
bool text_is_right_to_left(const char *text);

/**
 * The view with every column that holds right-to-left text gathered into one, the last, each under
 * its own heading; the others are numbered, and what the numbers mean is written before the table,
 * a line each. Only so do columns keep their places on every terminal.
 */
const struct view *view_ordered(const struct view *view, FILE *stream);

#endif
