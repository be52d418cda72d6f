/* Fills a system with reports, the same from the same seed, through the protocol and in no other
 * way.
 *
 *   volume --server SERVER [--ca FILE] --people FILE [--admin-password FILE] [--seed N] [--plan
 * CODE]
 *     --rounds 2021Q1[..2024Q4] [--surveys CODE,CODE] [--entities N] [--every N] [--until STATE]
 *     [--last STATE:WEIGHT,...] [--saves N] [--jobs N]
 *
 * SERVER: HOST:PORT (TLS), plain:HOST:PORT or unix:PATH. The plan is there already. FILE of
 * --people keeps who was made (parts/people.h); with the admin's password (first line of a file)
 * those who are missing are added. Rounds that are missing are opened, those that end a year with
 * the surveys named.
 * --until: where every report ends (accepted); --last: where those of the last round end, by weight
 * (`draft:1,returned:1,accepted:3`). --entities: only the first N, by code; --every: of these each
 * Nth. --saves: in how many revisions a report's figures are typed. --jobs: how many reports at
 * once. Prints one line `reports=N values=N revisions=N returned=N`, then states with their
 * reports. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "inap/v1/plan.pb-c.h"
#include "proto/method.h"
#include "tests/volume/parts/quarter.h"

enum { ROUNDS_MAX = 64, JOBS_MAX = 16, ROUND_BYTES = 8, SURVEYS_MAX = 16, DUE_DAYS = 21 };

static const char *const states[STATES] = { NULL,        "expected", "draft",    "submitted",
					    "in_review", "returned", "endorsed", "accepted" };

static struct run run = { .seed = 1325, .saves = 1 };
static struct people people;
static unsigned last_weight[STATES];
static char *plan = "";
static char rounds[ROUNDS_MAX][ROUND_BYTES];
static char *surveys[SURVEYS_MAX];
static size_t round_count, survey_count, entities_most = SIZE_MAX, every = 1, jobs = 2;
static Inap__V1__ReportListReply *lists[ROUNDS_MAX];

_Noreturn static void give_up(const char *what, const char *why)
{
	fprintf(stderr, "volume: %s: %s\n", what, why);
	exit(1);
}

/* ---- rounds */

static bool round_add(struct talk *desk, char *round)
{
	Inap__V1__RoundAdd add = INAP__V1__ROUND_ADD__INIT;
	time_t due_at = time(NULL) + DUE_DAYS * 86400;
	ProtobufCMessage *reply;
	char due[16];

	strftime(due, sizeof due, "%Y-%m-%d", gmtime(&due_at));
	add.plan = plan;
	add.round = round;
	add.due_on = due;
	if (strcmp(round + 4, "Q4") == 0) {
		add.surveys = surveys;
		add.n_surveys = survey_count;
	}
	reply = talk_ask(desk, METHOD_ROUND_ADD, &add.base);
	if (reply)
		protobuf_c_message_free_unpacked(reply, NULL);
	return reply != NULL;
}

static bool rounds_open(struct talk *desk)
{
	Inap__V1__RoundList list = INAP__V1__ROUND_LIST__INIT;
	Inap__V1__RoundListReply *there;
	bool good;

	list.plan = plan;
	there = (Inap__V1__RoundListReply *)talk_ask(desk, METHOD_ROUND_LIST, &list.base);
	good = there != NULL;
	for (size_t i = 0; good && i < round_count; i++) {
		size_t at = 0;

		while (at < there->n_rounds && strcmp(there->rounds[at]->round, rounds[i]) != 0)
			at++;
		good = at < there->n_rounds || round_add(desk, rounds[i]);
	}
	if (there)
		inap__v1__round_list_reply__free_unpacked(there, NULL);
	return good;
}

/* ---- reports and their offices */

/* Keeps every Nth of the first so many. */
static void list_thin(Inap__V1__ReportListReply *list)
{
	size_t kept = 0;

	for (size_t at = 0; at < list->n_reports; at++)
		if (at < entities_most && at % every == 0)
			list->reports[kept++] = list->reports[at];
		else
			inap__v1__report_entry__free_unpacked(list->reports[at], NULL);
	list->n_reports = kept;
}

static bool reports_listed(struct talk *desk)
{
	for (size_t i = 0; i < round_count; i++) {
		Inap__V1__ReportList list = INAP__V1__REPORT_LIST__INIT;

		list.plan = plan;
		list.round = rounds[i];
		lists[i] =
			(Inap__V1__ReportListReply *)talk_ask(desk, METHOD_REPORT_LIST, &list.base);
		if (!lists[i])
			return false;
		list_thin(lists[i]);
	}
	return true;
}

static bool offices_made(void)
{
	for (size_t i = 0; i < round_count; i++)
		for (size_t at = 0; at < lists[i]->n_reports; at++)
			if (!people_office(&people, &run.place,
					   lists[i]->reports[at]->report->entity))
				return false;
	return true;
}

/* ---- the work, spread over processes */

static bool worked(size_t job, struct tally *tally)
{
	unsigned until[STATES];

	memcpy(until, run.weight, sizeof until);
	for (size_t i = 0; i < round_count; i++) {
		memcpy(run.weight, i + 1 == round_count ? last_weight : until, sizeof until);
		for (size_t at = job; at < lists[i]->n_reports; at += jobs)
			if (!quarter_fill(&run, lists[i]->reports[at], tally))
				return false;
	}
	return true;
}

static int job_start(size_t job)
{
	struct tally tally = { 0 };
	int ends[2];
	bool good;

	if (pipe(ends) != 0)
		give_up("pipe", "none");
	fflush(NULL);
	switch (fork()) {
	case -1:
		give_up("fork", "none");
	case 0:
		good = worked(job, &tally);
		good = write(ends[1], &tally, sizeof tally) == sizeof tally && good;
		_exit(!good);
	default:
		close(ends[1]);
		return ends[0];
	}
}

static bool job_end(int end, struct tally *sum)
{
	struct tally tally;
	bool good = read(end, &tally, sizeof tally) == sizeof tally;
	int status = 0;

	close(end);
	if (good) {
		sum->reports += tally.reports;
		sum->values += tally.values;
		sum->revisions += tally.revisions;
		sum->returned += tally.returned;
		for (int state = 0; state < STATES; state++)
			sum->at[state] += tally.at[state];
	}
	return wait(&status) > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0 && good;
}

static bool all_worked(void)
{
	struct tally sum = { 0 };
	int ends[JOBS_MAX];
	bool good = true;

	for (size_t job = 0; job < jobs; job++)
		ends[job] = job_start(job);
	for (size_t job = 0; job < jobs; job++)
		good &= job_end(ends[job], &sum);
	printf("reports=%lu values=%lu revisions=%lu returned=%lu\n", sum.reports, sum.values,
	       sum.revisions, sum.returned);
	for (int state = 1; state < STATES; state++)
		if (sum.at[state] > 0)
			printf("%s=%lu\n", states[state], sum.at[state]);
	return good;
}

/* ---- what is given */

static void rounds_read(const char *text)
{
	unsigned year, quarter, last_year, last_quarter;

	if (sscanf(text, "%4uQ%1u..%4uQ%1u", &year, &quarter, &last_year, &last_quarter) != 4) {
		if (sscanf(text, "%4uQ%1u", &year, &quarter) != 2)
			give_up(text, "not 2021Q1 or 2021Q1..2024Q4");
		last_year = year;
		last_quarter = quarter;
	}
	while (year * 4 + quarter <= last_year * 4 + last_quarter) {
		if (round_count == ROUNDS_MAX)
			give_up(text, "too many rounds");
		snprintf(rounds[round_count++], ROUND_BYTES, "%04uQ%u", year % 10000, quarter % 10);
		year += quarter / 4;
		quarter = quarter % 4 + 1;
	}
	if (round_count == 0)
		give_up(text, "ends before it begins");
}

static void weights_read(unsigned *weight, char *text)
{
	for (char *word = strtok(text, ","); word; word = strtok(NULL, ",")) {
		char *colon = strchr(word, ':');
		int state = 1;

		if (colon)
			*colon = '\0';
		while (state < STATES && strcmp(states[state], word) != 0)
			state++;
		if (state == STATES)
			give_up(word, "no state of a report");
		weight[state] += colon ? (unsigned)strtoul(colon + 1, NULL, 10) : 1;
	}
}

static void surveys_read(char *text)
{
	for (char *word = strtok(text, ","); word; word = strtok(NULL, ",")) {
		if (survey_count == SURVEYS_MAX)
			give_up(word, "too many surveys");
		surveys[survey_count++] = word;
	}
}

static void option_take(const char *name, char *value)
{
	const struct {
		const char *name;
		const char **text;
	} texts[] = { { "--server", &run.place.server },
		      { "--ca", &run.place.ca },
		      { "--people", &people.file },
		      { "--admin-password", &people.admin_password } };
	unsigned long number = strtoul(value, NULL, 10);

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (strcmp(name, texts[i].name) == 0) {
			*texts[i].text = value;
			return;
		}
	if (strcmp(name, "--plan") == 0)
		plan = value;
	else if (strcmp(name, "--rounds") == 0)
		rounds_read(value);
	else if (strcmp(name, "--surveys") == 0)
		surveys_read(value);
	else if (strcmp(name, "--until") == 0)
		weights_read(run.weight, value);
	else if (strcmp(name, "--last") == 0)
		weights_read(last_weight, value);
	else if (strcmp(name, "--seed") == 0)
		run.seed = number;
	else if (number == 0)
		give_up(name, "no such option, or not a number");
	else if (strcmp(name, "--entities") == 0)
		entities_most = number;
	else if (strcmp(name, "--every") == 0)
		every = number;
	else if (strcmp(name, "--saves") == 0)
		run.saves = (unsigned)number;
	else if (strcmp(name, "--jobs") == 0 && number <= JOBS_MAX)
		jobs = number;
	else
		give_up(name, "no such option");
}

static void options_read(int argc, char **argv)
{
	unsigned until = 0, last = 0;

	for (int at = 1; at + 1 < argc; at += 2)
		option_take(argv[at], argv[at + 1]);
	if (argc % 2 == 0 || !run.place.server || !people.file || round_count == 0)
		give_up("usage", "see the head of volume.c");
	for (int state = 0; state < STATES; state++) {
		until += run.weight[state];
		last += last_weight[state];
	}
	if (until == 0)
		run.weight[INAP__V1__STATE__STATE_ACCEPTED] = 1;
	if (last == 0)
		memcpy(last_weight, run.weight, sizeof last_weight);
}

int main(int argc, char **argv)
{
	struct talk *desk;
	bool good;

	options_read(argc, argv);
	run.people = &people;
	if (!people_read(&people) || !people_desk(&people, &run.place))
		return 1;
	desk = people_enter(&run.place, people_find(&people, "secretariat", "-"));
	good = desk && rounds_open(desk) && reports_listed(desk);
	talk_close(desk);
	good = good && offices_made();
	/* Each process makes its own connections. */
	talk_close(people.admin);
	people.admin = NULL;
	good = good && all_worked();
	for (size_t i = 0; i < round_count; i++)
		if (lists[i])
			inap__v1__report_list_reply__free_unpacked(lists[i], NULL);
	people_free(&people);
	return !good;
}
