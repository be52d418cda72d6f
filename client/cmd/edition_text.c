/* Editions: their bytes fetched, checked and taken apart. */
#include "client/cmd/edition.h"

#include <stdlib.h>
#include <string.h>

#include "client/app.h"
#include "client/call.h"
#include "client/exchange.h"
#include "client/form/value.h"
#include "client/i18n.h"
#include "proto/enums.h"

/* Digits and nothing else; 0: it is none. */
static uint32_t edition_number(const char *text)
{
	size_t length = strlen(text);

	return length > 0 && length <= 9 && strspn(text, "0123456789") == length
		       ? (uint32_t)strtoul(text, NULL, 10)
		       : 0;
}

bool edition_parse(struct app *app, const char *word, Inap__V1__EditionList *request)
{
	const char *colon = strchr(word, ':'), *slash = strrchr(word, '/');
	const char *period = colon ? colon + 1 : word;

	request->plan = colon ? pool_strndup(&app->pool, word, (size_t)(colon - word))
			      : pool_strdup(&app->pool, option_text(app, OPT_PLAN));
	request->number = slash ? edition_number(digits_latin(app, slash + 1)) : 0;
	request->period = slash && slash > period
				  ? pool_strndup(&app->pool, period, (size_t)(slash - period))
				  : pool_strdup(&app->pool, period);
	if (*request->period && (!slash || request->number > 0))
		return true;
	return fail_with(app, ERROR_USAGE, "why",
			 sentence(&app->pool,
				  _("'{word}' is no edition: write 2024Q3/1, or 2024/1"), "word",
				  word, NULL),
			 NULL);
}

bool edition_heads(struct app *app, const Inap__V1__EditionList *request,
		   const Inap__V1__EditionListReply **reply)
{
	ProtobufCMessage *message = NULL;

	if (!exchange_call(app,
			   app->options.given[OPT_PUBLIC] ? METHOD_EDITION_PUBLIC_LIST
							  : METHOD_EDITION_LIST,
			   &request->base, &message))
		return false;
	*reply = (const Inap__V1__EditionListReply *)message;
	return true;
}

bool edition_find(struct app *app, const char *word, const Inap__V1__Edition **edition,
		  const Inap__V1__EditionListReply **reply)
{
	Inap__V1__EditionList request = INAP__V1__EDITION_LIST__INIT;

	*edition = NULL;
	if (!edition_parse(app, word, &request) || !edition_heads(app, &request, reply))
		return false;
	for (size_t i = 0; i < (*reply)->n_editions; i++) {
		const Inap__V1__Edition *one = (*reply)->editions[i];

		if (!*edition || (strcmp((*edition)->state, "published") != 0 &&
				  strcmp(one->state, "published") == 0))
			*edition = one;
	}
	if (*edition)
		return true;
	return fail_with(app, ERROR_NOT_FOUND, "what", "edition", "name", word, NULL);
}

const char *edition_code(struct app *app, const Inap__V1__Edition *edition)
{
	return pool_printf(&app->pool, "%s/%u", edition->period, (unsigned)edition->number);
}

const char *edition_hash(struct app *app, const void *bytes, size_t length)
{
	uint8_t digest[32];
	char *hex = pool_alloc(&app->pool, 2 * sizeof digest + 1);

	digest_sha256(bytes, length, digest);
	for (size_t i = 0; i < sizeof digest; i++)
		snprintf(hex + 2 * i, 3, "%02x", (unsigned)digest[i]);
	return hex;
}

static bool piece(struct app *app, Inap__V1__EditionRead *request,
		  const Inap__V1__EditionReadReply **reply)
{
	ProtobufCMessage *message = NULL;

	if (!exchange_call(app,
			   app->options.given[OPT_PUBLIC] ? METHOD_EDITION_PUBLIC_READ
							  : METHOD_EDITION_READ,
			   &request->base, &message))
		return false;
	*reply = (const Inap__V1__EditionReadReply *)message;
	return true;
}

bool edition_bytes(struct app *app, const Inap__V1__Edition *edition, const char **bytes,
		   size_t *length)
{
	Inap__V1__EditionRead request = INAP__V1__EDITION_READ__INIT;
	const Inap__V1__EditionReadReply *reply = NULL;
	char *all;

	if (edition->bytes > EDITION_BYTES_MAX)
		return fail_with(app, ERROR_UNSUPPORTED, "why", _("the answer is too large"), NULL);
	all = pool_alloc(&app->pool, edition->bytes + 1);
	request.plan = edition->plan;
	request.period = edition->period;
	request.number = edition->number;
	do {
		if (!piece(app, &request, &reply))
			return false;
		if (reply->data.len > edition->bytes - request.offset)
			return fail_with(app, ERROR_UNSUPPORTED, "why",
					 _("the answer is too large"), NULL);
		memcpy(all + request.offset, reply->data.data, reply->data.len);
		request.offset += reply->data.len;
	} while (request.offset < edition->bytes && reply->data.len > 0);
	*bytes = all;
	*length = request.offset;
	if (strcmp(edition_hash(app, all, *length), edition->sha256) == 0)
		return true;
	return fail_with(app, ERROR_TAMPERED, "what", edition_code(app, edition), "why",
			 _("its bytes do not have its hash"), NULL);
}

/* Fields of one line, which is cut for that. */
static void line_read(char *line, struct edition_line *out)
{
	for (size_t i = 0; i < EDITION_FIELDS_MAX; i++) {
		const char *field = line ? strsep(&line, "\t") : NULL;

		out->fields[i] = field ? field : "";
	}
}

/* Does it begin and end as an edition does, its last line counting those before it? */
static bool is_whole(struct app *app, const char *bytes, size_t length, size_t lines)
{
	static const char first[] = "inap-edition\t1\n";
	const char *end = pool_printf(&app->pool, "\nend\t%zu\n", lines - 1);
	size_t tail = strlen(end);

	return length >= sizeof first - 1 + tail && memcmp(bytes, first, sizeof first - 1) == 0 &&
	       memcmp(bytes + length - tail, end, tail) == 0 && !memchr(bytes, '\0', length);
}

const struct edition_text *edition_read(struct app *app, const char *bytes, size_t length,
					size_t most)
{
	struct edition_text *text = pool_alloc(&app->pool, sizeof *text);
	size_t lines = 0;
	char *rest;

	for (size_t i = 0; i < length; i++)
		lines += bytes[i] == '\n';
	if (!is_whole(app, bytes, length, lines))
		return NULL;
	if (lines > most)
		lines = most;
	rest = pool_strndup(&app->pool, bytes, length);
	text->lines = pool_alloc(&app->pool, (lines + 1) * sizeof *text->lines);
	while (text->count < lines)
		line_read(strsep(&rest, "\n"), &text->lines[text->count++]);
	return text;
}

const struct edition_text *edition_fetch(struct app *app, const char *word,
					 const Inap__V1__Edition **edition)
{
	const Inap__V1__EditionListReply *reply = NULL;
	const struct edition_text *text;
	const char *bytes = NULL;
	size_t length = 0;

	if (!edition_find(app, word, edition, &reply) ||
	    !edition_bytes(app, *edition, &bytes, &length))
		return NULL;
	text = edition_read(app, bytes, length, SIZE_MAX);
	if (!text)
		fail_with(app, ERROR_UNSUPPORTED, "why",
			  _("its bytes are in a form that this client does not know"), NULL);
	return text;
}

const char *edition_word(const struct edition_text *text, const char *word)
{
	for (size_t i = 0; i < text->count; i++)
		if (strcmp(text->lines[i].fields[0], word) == 0)
			return text->lines[i].fields[1];
	return "";
}

/* ---- as a national summary */

static char *own(struct app *app, const char *text)
{
	return pool_strdup(&app->pool, text);
}

Inap__V1__Value *edition_value(struct app *app, const char *kind, const char *number,
			       const char *denominator)
{
	Inap__V1__Value *value = pool_alloc(&app->pool, sizeof *value);

	inap__v1__value__init(value);
	if (strcmp(kind, "number") == 0) {
		value->kind_case = INAP__V1__VALUE__KIND_NUMBER;
		value->number = own(app, number);
	} else if (strcmp(kind, "numerator") == 0) {
		value->kind_case = INAP__V1__VALUE__KIND_NUMERATOR;
		value->numerator = own(app, number);
	} else if (strcmp(kind, "denominator") == 0) {
		value->kind_case = INAP__V1__VALUE__KIND_DENOMINATOR;
		value->denominator = own(app, denominator);
	} else if (strcmp(kind, "yes") == 0 || strcmp(kind, "no") == 0) {
		value->kind_case = INAP__V1__VALUE__KIND_YES_NO;
		value->yes_no = kind[0] == 'y';
	} else if (strcmp(kind, "ratio") == 0) {
		value->kind_case = INAP__V1__VALUE__KIND_RATIO;
		value->ratio = pool_alloc(&app->pool, sizeof *value->ratio);
		inap__v1__ratio__init(value->ratio);
		value->ratio->numerator = own(app, number);
		value->ratio->denominator = own(app, denominator);
	} else {
		return NULL;
	}
	return value;
}

static void codes(struct app *app, const char *list, char ***out, size_t *count)
{
	char *rest = own(app, list);

	*out = pool_alloc(&app->pool, (strlen(list) + 1) * sizeof **out);
	while (rest && *rest)
		(*out)[(*count)++] = strsep(&rest, ",");
}

static uint32_t counted(const char *text)
{
	return (uint32_t)strtoul(text, NULL, 10);
}

static Inap__V1__Coverage *coverage_read(struct app *app, const char *const *fields)
{
	Inap__V1__Coverage *coverage = pool_alloc(&app->pool, sizeof *coverage);

	inap__v1__coverage__init(coverage);
	coverage->expected = counted(fields[0]);
	coverage->valued = counted(fields[1]);
	coverage->withheld = counted(fields[2]);
	coverage->not_available = counted(fields[3]);
	coverage->not_collected = counted(fields[4]);
	coverage->not_applicable = counted(fields[5]);
	coverage->excused = counted(fields[6]);
	coverage->unanswered = counted(fields[7]);
	codes(app, fields[8], &coverage->missing, &coverage->n_missing);
	codes(app, fields[9], &coverage->under_correction, &coverage->n_under_correction);
	coverage->weight_missing = own(app, fields[10]);
	coverage->rate = own(app, fields[11]);
	return coverage;
}

/* figure: cell, jurisdiction, period, kind, number, denominator, percent, label, coverage... */
static Inap__V1__Total *total_read(struct app *app, const struct edition_line *line)
{
	Inap__V1__Total *total = pool_alloc(&app->pool, sizeof *total);
	const char *const *f = line->fields;

	inap__v1__total__init(total);
	total->cell = own(app, f[1]);
	total->indicator = pool_strndup(&app->pool, f[1], strcspn(f[1], ":"));
	total->jurisdiction =
		(Inap__V1__Jurisdiction)proto_enum_value(&inap__v1__jurisdiction__descriptor, f[2]);
	total->period = own(app, f[3]);
	total->hidden = strcmp(f[4], "hidden") == 0;
	total->value = edition_value(app, f[4], f[5], f[6]);
	total->percent = own(app, f[7]);
	total->label = own(app, f[8]);
	total->coverage = coverage_read(app, f + 9);
	return total;
}

static Inap__V1__NationalLabel *label_read(struct app *app, const struct edition_line *line,
					   const char *chapter)
{
	Inap__V1__NationalLabel *label = pool_alloc(&app->pool, sizeof *label);

	inap__v1__national_label__init(label);
	label->code = own(app, line->fields[1]);
	label->pillar = own(app, chapter);
	label->name = pool_alloc(&app->pool, sizeof *label->name);
	inap__v1__name__init(label->name);
	label->name->en = own(app, line->fields[3]);
	label->name->ar = own(app, line->fields[4]);
	label->name->ckb = own(app, line->fields[5]);
	return label;
}

const Inap__V1__NationalSummaryReply *edition_summary(struct app *app,
						      const struct edition_text *text)
{
	Inap__V1__NationalSummaryReply *reply = pool_alloc(&app->pool, sizeof *reply);
	const char *chapter = "";

	inap__v1__national_summary_reply__init(reply);
	reply->plan = own(app, edition_word(text, "plan"));
	reply->round = own(app, edition_word(text, "period"));
	reply->min_state = INAP__V1__STATE__STATE_ACCEPTED;
	reply->totals = pool_alloc(&app->pool, (text->count + 1) * sizeof *reply->totals);
	reply->indicators = pool_alloc(&app->pool, (text->count + 1) * sizeof *reply->indicators);
	for (size_t i = 0; i < text->count; i++) {
		const struct edition_line *line = &text->lines[i];

		if (strcmp(line->fields[0], "chapter") == 0)
			chapter = line->fields[1];
		else if (strcmp(line->fields[0], "indicator") == 0)
			reply->indicators[reply->n_indicators++] = label_read(app, line, chapter);
		else if (strcmp(line->fields[0], "figure") == 0)
			reply->totals[reply->n_totals++] = total_read(app, line);
	}
	return reply;
}
