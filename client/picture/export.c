/* Figures taken apart, and as CSV. */
#include "client/picture/export.h"

#include <string.h>

#include "client/app.h"
#include "client/i18n.h"
#include "client/out/render.h"
#include "client/out/value.h"
#include "client/words.h"
#include "proto/enums.h"

const char *const export_columns[EXPORT_COLUMNS] = {
	"plan",      "round",       "period",  "indicator", "cell",      "jurisdiction", "value",
	"numerator", "denominator", "percent", "status",    "label",     "valued",       "expected",
	"missing",   "target",      "light",   "light_why", "set_light", "edition",      "name",
};

static const Inap__V1__Indicator *indicator_of(const struct picture *picture, const char *code)
{
	for (size_t i = 0; i < picture->indicators->n_indicators; i++)
		if (strcmp(picture->indicators->indicators[i]->code, code) == 0)
			return picture->indicators->indicators[i];
	return NULL;
}

static void value_part(struct app *app, const Inap__V1__Value *value, struct figure *figure)
{
	switch (value->kind_case) {
	case INAP__V1__VALUE__KIND_RATIO:
		figure->numerator = value->ratio->numerator;
		figure->denominator = value->ratio->denominator;
		break;
	case INAP__V1__VALUE__KIND_NUMERATOR:
		figure->numerator = value->numerator;
		break;
	case INAP__V1__VALUE__KIND_DENOMINATOR:
		figure->denominator = value->denominator;
		break;
	default:
		figure->number = value_machine(app, value);
	}
}

bool export_figure(const struct picture *picture, const Inap__V1__Total *total,
		   struct figure *figure)
{
	const char *rest = "";

	*figure = (struct figure){ .total = total,
				   .number = "",
				   .numerator = "",
				   .denominator = "",
				   .status = "no_figure" };
	figure->indicator = indicator_of(picture, total->indicator);
	if (total->hidden) {
		figure->status = "hidden";
	} else if (total->value) {
		figure->status = "shown";
		value_part(picture->app, total->value, figure);
	}
	return cell_parse(picture->app, total->cell, &figure->cell, &rest);
}

void export_fields(const struct picture *picture, const struct figure *figure,
		   const char *fields[EXPORT_COLUMNS])
{
	struct pool *pool = &picture->app->pool;
	const Inap__V1__Total *total = figure->total;
	const Inap__V1__Coverage *coverage = total->coverage;
	const Inap__V1__Light *light = picture_light(picture, total);
	const Inap__V1__Edition *edition = picture->edition;
	const char *const given[EXPORT_COLUMNS] = {
		picture->plan->code,
		picture_now(picture)->code,
		total->period,
		total->indicator,
		total->cell,
		enum_key(&inap__v1__jurisdiction__descriptor, (int)total->jurisdiction),
		figure->number,
		figure->numerator,
		figure->denominator,
		total->hidden ? "" : total->percent,
		figure->status,
		total->label,
		coverage ? number_text(pool, coverage->valued) : "",
		coverage ? number_text(pool, coverage->expected) : "",
		coverage ? texts_join(picture->app, coverage->missing, coverage->n_missing) : "",
		light && light->target ? light->target->number : "",
		light ? light->light : "",
		light ? light->why : "",
		light ? light->set_light : "",
		edition ? pool_printf(pool, "%s/%u", edition->period, (unsigned)edition->number)
			: "",
		figure->indicator ? name_text(figure->indicator->name) : "",
	};

	memcpy(fields, given, sizeof given);
}

/* With the mark that Excel needs to read UTF-8. */
bool picture_csv(const struct picture *picture, FILE *stream)
{
	const char *fields[EXPORT_COLUMNS];
	struct column columns[EXPORT_COLUMNS];
	struct figure figure;
	struct view *view;

	for (size_t i = 0; i < EXPORT_COLUMNS; i++)
		columns[i] = (struct column){ export_columns[i], export_columns[i], COLUMN_CODE };
	view = view_new(picture->app, columns, EXPORT_COLUMNS);
	for (size_t i = 0; i < picture->cells->n_totals; i++) {
		if (!export_figure(picture, picture->cells->totals[i], &figure))
			return false;
		export_fields(picture, &figure, fields);
		for (size_t column = 0; column < EXPORT_COLUMNS; column++)
			view_text(view, fields[column]);
	}
	fputs("\xef\xbb\xbf", stream);
	view_render(view, OUT_CSV, stream);
	return true;
}
