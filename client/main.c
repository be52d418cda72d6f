/* inap: finds the command in the table (commands.def), runs it, says what went wrong. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "client/app.h"
#include "client/cmd/help.h"
#include "client/exchange.h"
#include "client/i18n.h"

/* A word that no row has. */
static bool no_command(struct app *app)
{
	const char *noun = app->words[0];
	const char *verb = app->words_count > 1 ? app->words[1] : "";
	const char *guess = command_guess(app, noun, verb);
	const char *what = verb[0] ? pool_printf(&app->pool, "%s %s", noun, verb) : noun;

	fail_with(app, ERROR_USAGE, "why",
		  sentence(&app->pool, _("there is no command '{command}'"), "command", what, NULL),
		  NULL);
	if (guess)
		fail_next(app, N_("Did you mean:"), pool_printf(&app->pool, "inap %s", guess));
	else
		fail_next(app, N_("To see them:"), "inap help --all");
	return false;
}

static bool wrong_use(struct app *app, const char *why)
{
	fail_with(app, ERROR_USAGE, "why", why, NULL);
	fail_next(app, N_("For help:"),
		  pool_printf(&app->pool, "inap help %s", command_name(app, app->command)));
	return false;
}

/* The command's own rules: how many arguments, which options. */
static bool use_check(struct app *app)
{
	const struct command *command = app->command;

	for (int id = 0; id < OPT_COUNT; id++)
		if (app->options.given[id] && !command_takes(command, (enum option_id)id))
			return wrong_use(app,
					 sentence(&app->pool,
						  _("'{command}' takes no option --{option}"),
						  "command", command_name(app, command), "option",
						  option_row((enum option_id)id)->name, NULL));
	if (app->words_count < command->least)
		return wrong_use(app, sentence(&app->pool, _("'{command}' needs {arguments}"),
					       "command", command_name(app, command), "arguments",
					       command->arguments, NULL));
	if (command->most >= 0 && app->words_count > command->most)
		return wrong_use(app,
				 sentence(&app->pool, _("'{command}' has no place for '{word}'"),
					  "command", command_name(app, command), "word",
					  app->words[command->most], NULL));
	return true;
}

static bool command_choose(struct app *app)
{
	static char todo[] = "todo", version[] = "version";
	static char *nothing[] = { todo, NULL };
	int taken;

	if (app->words_count == 0 && app->options.given[OPT_HELP])
		return true;
	if (app->words_count == 0) {
		app->words = nothing;
		app->words_count = 1;
		if (app->options.given[OPT_VERSION])
			app->words[0] = version;
	}
	app->command = command_match(app->words, app->words_count, &taken);
	if (!app->command)
		return app->options.given[OPT_HELP] || no_command(app);
	app->words += taken;
	app->words_count -= taken;
	return true;
}

static bool run(struct app *app, int argc, char **argv)
{
	bool ok;

	if (argc > 1 && strcmp(argv[1], "__complete") == 0) {
		config_load(app);
		return login_load(app) && help_complete(app, argc - 2, argv + 2);
	}
	ok = options_parse(app, argc, argv);
	if (!config_load(app))
		return false;
	if (!ok) { /* once more, now that the language is known to say it in */
		failure_clear(&app->failure);
		return options_parse(app, argc, argv);
	}
	if (!out_begin(app) || !command_choose(app))
		return false;
	/* Help must work whatever is wrong with the login. */
	if (app->options.given[OPT_HELP]) {
		if (!login_load(app))
			failure_clear(&app->failure);
		return app->command ? help_command(app, app->command) : cmd_help(app);
	}
	return use_check(app) && login_load(app) && app->command->run(app);
}

/* Delivers the answer, or the refusal: with JSON never both. */
static int finish(struct app *app)
{
	struct failure refused = app->failure;

	if (refused.set && !out_is_human(app))
		out_drop(app);
	if (out_end(app) && !refused.set)
		return app->status;
	if (refused.set)
		app->failure = refused;
	out_failure(app);
	return failure_exit(&app->failure);
}

int main(int argc, char **argv)
{
	struct app app = { .words = NULL };
	int status;

	signal(SIGPIPE, SIG_IGN);
	if (!run(&app, argc, argv) && !app.failure.set)
		fail_with(&app, ERROR_INTERRUPTED, NULL);
	exchange_close(&app);
	status = finish(&app);
	pool_fini(&app.pool);
	return status;
}
