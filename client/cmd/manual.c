/* The manual's tables in mdoc, made from commands.def, options.def and errors.def; inap.1 has these
 * lines. */
#include <ctype.h>
#include <string.h>

#include "client/app.h"
#include "client/cmd/help.h"
#include "client/i18n.h"
#include "proto/errors.h"

/* Text for mdoc: dashes as typed, nothing taken for a macro. */
static void roff(const char *text, FILE *stream)
{
	for (; *text; text++) {
		if (*text == '-')
			fputs("\\-", stream);
		else if (*text == '\\')
			fputs("\\e", stream);
		else if (*text == '"')
			fputs("\\(dq", stream);
		else
			fputc(*text, stream);
	}
}

/* A help text as a sentence. */
static void roff_sentence(const char *text, FILE *stream)
{
	char first[2] = { (char)toupper((unsigned char)text[0]), '\0' };

	roff(first, stream);
	roff(text + 1, stream);
	fputs(".\n", stream);
}

static void option_item(const struct option_row *row, FILE *stream)
{
	fputs(".It ", stream);
	if (row->letter)
		fprintf(stream, "Fl %c , ", row->letter);
	fprintf(stream, "Fl \\-%s", row->name);
	if (row->argument)
		fprintf(stream, " Ar %s", row->argument);
	fputc('\n', stream);
	roff_sentence(row->help, stream);
}

static void command_options(const struct command *command, FILE *stream)
{
	bool first = true;

	for (int id = 0; id < OPT_COUNT; id++) {
		const struct option_row *row = option_row((enum option_id)id);

		if (!command_names(command, (enum option_id)id))
			continue;
		fputs(first ? "Options:\n" : "", stream);
		fprintf(stream, ".Op Fl \\-%s", row->name);
		if (row->argument)
			fprintf(stream, " Ar %s", row->argument);
		fputc('\n', stream);
		first = false;
	}
}

static void command_item(struct app *app, const struct command *command, FILE *stream)
{
	fprintf(stream, ".It Nm inap Cm %s", command_name(app, command));
	if (command->arguments[0]) {
		fputs(" Ar ", stream);
		roff(command->arguments, stream);
	}
	fputc('\n', stream);
	roff_sentence(command->help, stream);
	command_options(command, stream);
	fputs(".br\n.Dl ", stream);
	roff(command->example, stream);
	fputc('\n', stream);
}

static void commands_section(struct app *app, FILE *stream)
{
	size_t count;
	const struct command *rows = command_all(&count);

	fputs(".Sh COMMANDS\n", stream);
	for (int group = 0; group < GROUP_COUNT; group++) {
		fputs(".Ss ", stream);
		fputc(toupper((unsigned char)command_group_name((enum command_group)group)[0]),
		      stream);
		fprintf(stream, "%s\n.Bl -tag -width Ds\n",
			command_group_name((enum command_group)group) + 1);
		for (size_t i = 0; i < count; i++)
			if (rows[i].group == (enum command_group)group)
				command_item(app, &rows[i], stream);
		fputs(".El\n", stream);
	}
}

static void options_section(FILE *stream)
{
	fputs(".Sh OPTIONS\nThese are taken by every command, in any place.\n"
	      ".Bl -tag -width Ds\n",
	      stream);
	for (int id = 0; id < OPT_COUNT; id++)
		if (option_row((enum option_id)id)->everywhere)
			option_item(option_row((enum option_id)id), stream);
	fputs(".El\n.Pp\nThese are taken where a command names them.\n.Bl -tag -width Ds\n",
	      stream);
	for (int id = 0; id < OPT_COUNT; id++)
		if (!option_row((enum option_id)id)->everywhere)
			option_item(option_row((enum option_id)id), stream);
	fputs(".El\n", stream);
}

static void codes_section(FILE *stream)
{
	fputs(".Sh DIAGNOSTICS\n"
	      "A refusal has a code, for the help desk and for scripts.\n"
	      ".Bl -column \"PLAN_TWO_REPORTERS\" \"exit\"\n"
	      ".It Sy code Ta Sy exit\n",
	      stream);
	for (int code = 1; code < ERROR_COUNT; code++)
		fprintf(stream, ".It %s Ta %d\n", error_row((enum error_code)code)->name,
			error_row((enum error_code)code)->exit);
	fputs(".El\n", stream);
}

void help_manual(struct app *app, FILE *stream)
{
	fputs(".Sh SYNOPSIS\n.Nm inap\n.Op Ar options\n.Op Ar noun Op Ar verb\n"
	      ".Op Ar argument ...\n",
	      stream);
	commands_section(app, stream);
	options_section(stream);
	codes_section(stream);
}
