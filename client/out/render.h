/* Views as text: table, card, plain, CSV. */
#ifndef INAP_CLIENT_OUT_RENDER_H
#define INAP_CLIENT_OUT_RENDER_H

#include <stdio.h>

#include "client/config.h"
#include "client/out/view.h"

/** Writes a view in a format (not JSON). */
void view_render(const struct view *view, enum out_format format, FILE *stream);
/** One field of CSV: quoted where needed, harmless in a spreadsheet. */
void csv_field(const char *text, FILE *stream);

#endif
