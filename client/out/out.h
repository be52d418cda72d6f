/**
 * Where the output goes: gathered in memory, then to the pager, a file or stdout.
 *
 * A command gives its answer twice: as a view (a table of cells, for people and CSV) and as JSON;
 * what the person did not ask for is dropped here, so that commands need not know the format.
 */
#ifndef INAP_CLIENT_OUT_H
#define INAP_CLIENT_OUT_H

#include <stdbool.h>
#include <stdio.h>

#include <jansson.h>

struct app;
struct view;
struct failure_field;

struct out {
	FILE *stream; /* memory */
	char *bytes;
	size_t length;
	bool to_stderr;   /* what is shown goes to stderr: the answer itself is a refusal in JSON */
	const char *next; /* what to do now, said after the answer; NULL: nothing */
};

bool out_begin(struct app *app);
/** Delivers what was gathered. False: noted as a failure. */
bool out_end(struct app *app);
/** Forgets what was gathered. */
void out_drop(struct app *app);
/** Is the answer wanted as JSON? */
bool out_is_json(const struct app *app);
/** Is it wanted by a person (table or card)? */
bool out_is_human(const struct app *app);
/** A sentence of the answer; for people only. */
void out_say(struct app *app, const char *sentence);
/** The answer's own table: in every format but JSON. */
void out_view(struct app *app, const struct view *view);
/** A table beside it: for people only. heading NULL: none. */
void out_side_view(struct app *app, const char *heading, const struct view *view);
/** The answer as JSON; takes the reference. In ndjson an array is one line an element. */
void out_json(struct app *app, json_t *answer);
/** The command that comes next, for people, on stderr. */
void out_next(struct app *app, const char *command);
/** Says the app's failure, in the format asked for. */
void out_failure(struct app *app);
/** The failure's sentence in the person's language. */
const char *failure_sentence(struct app *app);
/** One thing at fault, as a sentence in the person's language. */
const char *field_sentence(struct app *app, const struct failure_field *field);
/** The things at fault, one a line, for people. */
void fields_say(struct app *app, FILE *stream);
/** The failure as the promised JSON object {"code","message",…}. */
json_t *failure_json(struct app *app);
/** A colour's escape sequence on this stream, or "". */
const char *out_color(const struct app *app, FILE *stream, const char *code);

#endif
