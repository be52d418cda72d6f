/* inap help, completion, version: all made from the table of commands. */
#include "client/cmd/help.h"

#include <string.h>

#include "client/app.h"
#include "client/exchange.h"
#include "client/i18n.h"
#include "client/out/json.h"
#include "client/out/view.h"
#include "client/version.h"
#include "proto/errors.h"
#include "proto/method.h"

static void line(struct app *app, const char *text)
{
	fprintf(app->out.stream, "%s\n", text);
}

/* Before the first login everybody sees what needs none. */
static bool is_mine(const struct app *app, const struct command *command)
{
	unsigned roles = app->login.roles | (app->login.present ? 0 : ROLE_BITS_NOBODY_YET);

	if (command->group == GROUP_EVERYONE)
		return true;
	if (command->group == GROUP_LOOKUP)
		return app->login.present;
	return (command_roles(command) & roles) != 0;
}

static void group_print(struct app *app, enum command_group group, bool all)
{
	size_t count;
	const struct command *rows = command_all(&count);
	bool headed = false;

	for (size_t i = 0; i < count; i++) {
		const char *usage;

		if (rows[i].group != group || (!all && !is_mine(app, &rows[i])))
			continue;
		if (!headed)
			line(app, pool_printf(&app->pool, "\n%s:", command_group_name(group)));
		headed = true;
		usage = pool_printf(&app->pool, "%s %s", command_name(app, &rows[i]),
				    rows[i].arguments);
		line(app, pool_printf(&app->pool, "  inap %-42s %s", usage, _(rows[i].help)));
	}
}

static bool help_list(struct app *app, bool all)
{
	line(app, _("inap: the reports of the National Action Plan for resolution 1325"));
	line(app, pool_printf(&app->pool, "\n  inap todo\n  inap report show FED-MOI/2024Q3"));
	for (int group = 0; group < GROUP_COUNT; group++)
		group_print(app, (enum command_group)group, all);
	line(app, "");
	if (!all)
		line(app, sentence(&app->pool, _("All commands: {command}"), "command",
				   "inap help --all", NULL));
	line(app, sentence(&app->pool, _("One command: {command}"), "command",
			   "inap help report set", NULL));
	return true;
}

bool help_short(struct app *app)
{
	return help_list(app, app->options.given[OPT_ALL]);
}

static void option_print(struct app *app, enum option_id id)
{
	const struct option_row *row = option_row(id);
	const char *left = pool_printf(&app->pool, "--%s%s%s", row->name, row->argument ? " " : "",
				       row->argument ? row->argument : "");

	line(app, pool_printf(&app->pool, "  %c%c %-28s %s", row->letter ? '-' : ' ',
			      row->letter ? row->letter : ' ', left, _(row->help)));
}

bool help_command(struct app *app, const struct command *command)
{
	struct pool *pool = &app->pool;

	line(app, pool_printf(pool, "inap %s%s%s", command_name(app, command),
			      command->arguments[0] ? " " : "", command->arguments));
	line(app, pool_printf(pool, "  %s\n", _(command->help)));
	line(app, sentence(pool, _("Example: {command}"), "command", command->example, NULL));
	if (command->options) {
		line(app, pool_printf(pool, "\n%s", _("Options:")));
		for (int id = 0; id < OPT_COUNT; id++)
			if (command_names(command, (enum option_id)id))
				option_print(app, (enum option_id)id);
	}
	line(app, pool_printf(pool, "\n%s", _("Options of every command:")));
	for (int id = 0; id < OPT_COUNT; id++)
		if (option_row((enum option_id)id)->everywhere)
			option_print(app, (enum option_id)id);
	return true;
}

/* A sentence whose places are not known: each is an ellipsis. */
static const char *places_hidden(struct app *app, const char *text)
{
	const char *shown = "";

	for (const char *open = strchr(text, '{'); open; open = strchr(text, '{')) {
		const char *close = strchr(open, '}');

		if (!close)
			break;
		shown = pool_printf(&app->pool, "%s%.*s…", shown, (int)(open - text), text);
		text = close + 1;
	}
	return pool_printf(&app->pool, "%s%s", shown, text);
}

static bool help_code(struct app *app, const char *name)
{
	enum error_code code = error_by_name(name);
	const struct error_row *row;

	if (code == ERROR_NONE)
		return false;
	row = error_row(code);
	line(app, pool_printf(&app->pool, "%s", row->name));
	line(app, pool_printf(&app->pool, "  %s", places_hidden(app, _(row->text))));
	line(app, sentence(&app->pool, _("  exit status {status}"), "status",
			   number_text(&app->pool, (uint64_t)row->exit), NULL));
	if (row->retry)
		line(app, _("  the same command may succeed later, unchanged"));
	return true;
}

/* A noun alone: all its verbs. */
static bool help_noun(struct app *app, const char *noun)
{
	size_t count;
	const struct command *rows = command_all(&count);
	bool found = false;

	for (size_t i = 0; i < count; i++) {
		const char *usage;

		if (strcmp(rows[i].noun, noun) != 0)
			continue;
		found = true;
		usage = pool_printf(&app->pool, "%s %s", command_name(app, &rows[i]),
				    rows[i].arguments);
		line(app, pool_printf(&app->pool, "  inap %-42s %s", usage, _(rows[i].help)));
	}
	return found;
}

bool cmd_help(struct app *app)
{
	const struct command *command;
	int taken;

	if (app->options.given[OPT_MAN]) {
		language_set(LANGUAGE_EN);
		help_manual(app, app->out.stream);
		return true;
	}
	if (app->words_count == 0)
		return help_short(app);
	command = command_match(app->words, app->words_count, &taken);
	if (command && taken == app->words_count)
		return help_command(app, command);
	if (app->words_count == 1 &&
	    (help_code(app, app->words[0]) || help_noun(app, app->words[0])))
		return true;
	return fail_with(app, ERROR_NOT_FOUND, "what", "command", "name",
			 app->words_count > 1
				 ? pool_printf(&app->pool, "%s %s", app->words[0], app->words[1])
				 : app->words[0],
			 NULL);
}

bool cmd_version(struct app *app)
{
	json_t *answer = json_object();

	json_put_text(answer, "version", INAP_VERSION);
	json_put_number(answer, "protocol", 1);
	json_put_number(answer, "schema_version", 1);
	out_json(app, answer);
	if (!out_is_json(app))
		line(app, "inap " INAP_VERSION);
	return true;
}

bool cmd_completion(struct app *app)
{
	static const char script[] =
		"# bash completion for inap; what it offers comes from inap itself\n"
		"_inap() {\n"
		"\tlocal IFS=$'\\n'\n"
		"\tlocal words=(\"${COMP_WORDS[@]:1:COMP_CWORD}\")\n"
		"\tCOMPREPLY=($(inap __complete \"${words[@]}\" 2>/dev/null))\n"
		"}\n"
		"complete -o default -F _inap inap\n";

	if (strcmp(app->words[0], "bash") != 0)
		return fail_with(app, ERROR_USAGE, "why",
				 sentence(&app->pool,
					  _("there is no completion for '{shell}', only for bash"),
					  "shell", app->words[0], NULL),
				 NULL);
	fputs(script, app->out.stream);
	return true;
}
