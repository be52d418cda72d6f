/* inapd: options, configuration, and then the daemon. */
#include <stdio.h>
#include <string.h>

#include "server/base/config.h"
#include "server/daemon.h"

/* What a failed start prints: the sentence of its code with its arguments. */
static int main_fail(const struct error *error)
{
	const char *why = error_argument(error, "why");

	if (why) {
		fprintf(stderr, "inapd: %s\n", why);
	} else {
		fprintf(stderr, "inapd: %s", error_row(error->code)->name);
		for (unsigned i = 0; i < error->count; i++) {
			fprintf(stderr, " %s=%s", error->arguments[i].name,
				error->arguments[i].value);
		}
		fputc('\n', stderr);
	}
	return 1;
}

static void main_usage(void)
{
	puts("usage: inapd [--config FILE] [--check-config | --first-admin] [--SECTION-KEY=VALUE "
	     "...]\n"
	     "       inapd --document | --version | --help\n\n"
	     "  --first-admin    make the user 'admin', print the one-time code and stop\n"
	     "  --document       print the keys for inapd.conf(5)");
	config_usage(stdout);
}

/* Takes a word out of argv; true if it was there. */
static bool main_word(int *argc, char **argv, const char *word)
{
	for (int i = 1; i < *argc; i++) {
		if (strcmp(argv[i], word) == 0) {
			memmove(&argv[i], &argv[i + 1], (size_t)(*argc - i) * sizeof *argv);
			(*argc)--;
			return true;
		}
	}
	return false;
}

int main(int argc, char **argv)
{
	struct config config = { 0 };
	struct config_arguments arguments = { 0 };
	struct error error = { 0 };
	bool first_admin = main_word(&argc, argv, "--first-admin");
	int status = 0;

	if (main_word(&argc, argv, "--document")) {
		config_document(stdout);
		return 0;
	}
	if (!config_load(&config, &arguments, argc, argv, &error)) {
		status = main_fail(&error);
	} else if (arguments.help) {
		main_usage();
	} else if (arguments.version) {
		puts("inapd " INAP_VERSION);
	} else if (!config_check(&config, &error)) {
		status = main_fail(&error);
	} else if (arguments.check) {
		puts("the configuration is sound");
	} else {
		log_level_set(config.log.level);
		if (!(first_admin ? daemon_first_admin(&config, &error)
				  : daemon_run(&config, &error))) {
			status = main_fail(&error);
		}
	}
	config_fini(&config);
	return status;
}
