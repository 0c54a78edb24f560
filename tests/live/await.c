/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waits, for a bounded time, until a condition holds: what shell scripts of live tests wait with instead of sleeping.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { IDLE_MILLISECONDS = 300 };

/* The value of KEY in /proc/PID[/task/TID]/status; false when there is none. */
static bool status_value(const char *directory, const char *key, char *ret, size_t size)
{
	char path[300], line[512];
	size_t length = strlen(key);
	bool found = false;
	FILE *file;

	snprintf(path, sizeof(path), "%s/status", directory);
	file = fopen(path, "re");
	if (file == NULL)
		return false;
	while (!found && fgets(line, sizeof(line), file) != NULL) {
		if (strncmp(line, key, length) != 0 || line[length] != ':')
			continue;
		snprintf(ret, size, "%.*s", (int)strcspn(line + length + 2, "\n"), line + length + 2);
		found = true;
	}
	fclose(file);
	return found;
}

/* Whether JUDGE holds for each task of PID; false when there is none. */
static bool every_task(const char *pid, bool (*judge)(const char *directory, const char *word), const char *word)
{
	char path[300];
	const struct dirent *entry;
	bool any = false, all = true;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%s/task", pid);
	dir = opendir(path);
	while (dir != NULL && all && (entry = readdir(dir)) != NULL) {
		char task[600];

		if (!isdigit((unsigned char)*entry->d_name))
			continue;
		snprintf(task, sizeof(task), "%s/%s", path, entry->d_name);
		any = true;
		/* One that has just gone is no objection. */
		all = judge(task, word) || access(task, F_OK) != 0;
	}
	if (dir != NULL)
		closedir(dir);
	return any && all;
}

static bool task_in_state(const char *directory, const char *letters)
{
	char value[64];

	return status_value(directory, "State", value, sizeof(value)) && strchr(letters, *value) != NULL;
}

static bool task_traced(const char *directory, const char *unused)
{
	char value[64], state[64];

	(void)unused;
	/* A zombie is no tracer's. */
	return status_value(directory, "TracerPid", value, sizeof(value)) &&
	       (atoi(value) != 0 || (status_value(directory, "State", state, sizeof(state)) && *state == 'Z'));
}

static bool task_untraced(const char *directory, const char *unused)
{
	char value[64];

	(void)unused;
	return status_value(directory, "TracerPid", value, sizeof(value)) && atoi(value) == 0;
}

static bool is_in_state(char *words[])
{
	return every_task(words[0], task_in_state, words[1]);
}

static bool task_in_no_state(const char *directory, const char *letters)
{
	return !task_in_state(directory, letters);
}

static bool has_in_state(char *words[])
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%s", words[0]);
	return access(path, F_OK) == 0 && !every_task(words[0], task_in_no_state, words[1]);
}

static bool is_traced(char *words[])
{
	return every_task(words[0], task_traced, NULL);
}

static bool is_untraced(char *words[])
{
	return every_task(words[0], task_untraced, NULL);
}

/* Gone or a zombie. */
static bool is_gone(char *words[])
{
	char path[64], value[64];

	snprintf(path, sizeof(path), "/proc/%s", words[0]);
	return !status_value(path, "State", value, sizeof(value)) || *value == 'Z';
}

static bool has_text(char *words[])
{
	FILE *file = fopen(words[0], "re");
	bool found = false;
	char *line = NULL;
	size_t size = 0;

	/* A line that is being written is none yet: who waits for a word of it wants all of it. */
	while (file != NULL && !found && getline(&line, &size, file) > 0)
		found = strstr(line, words[1]) != NULL && strchr(line, '\n') != NULL;
	free(line);
	if (file != NULL)
		fclose(file);
	return found;
}

static bool has_lines(char *words[])
{
	FILE *file = fopen(words[0], "re");
	long lines = 0;
	int c;

	while (file != NULL && (c = getc(file)) != EOF)
		lines += c == '\n';
	if (file != NULL)
		fclose(file);
	return lines >= atol(words[1]);
}

/* In the system call of that number: "read" of a pipe, for instance. */
static bool is_in_call(char *words[])
{
	char path[64], line[256] = "";
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%s/syscall", words[0]);
	file = fopen(path, "re");
	if (file == NULL)
		return false;
	if (fgets(line, sizeof(line), file) == NULL)
		*line = '\0';
	fclose(file);
	return isdigit((unsigned char)*line) && atoi(line) == atoi(words[1]);
}

/* Asleep, and has been so for a while. */
static bool is_idle(char *words[])
{
	static long switches = -1;
	static struct timespec since;
	struct timespec now;
	char path[64], value[64];
	long count;

	snprintf(path, sizeof(path), "/proc/%s", words[0]);
	if (!task_in_state(path, "S") || !status_value(path, "voluntary_ctxt_switches", value, sizeof(value)))
		return false;
	clock_gettime(CLOCK_MONOTONIC, &now);
	count = atol(value);
	if (count != switches) {
		switches = count;
		since = now;
	}
	return (now.tv_sec - since.tv_sec) * 1000 + (now.tv_nsec - since.tv_nsec) / 1000000 >= IDLE_MILLISECONDS;
}

static const struct {
	const char *name;
	int words;
	bool (*holds)(char *words[]);
	const char *usage;
} conditions[] = {
	{ "state", 2, is_in_state, "PID LETTERS: every task of PID is in one of the states" },
	{ "any", 2, has_in_state, "PID LETTERS: some task of PID is in one of the states" },
	{ "traced", 1, is_traced, "PID: every task of PID that lives has a tracer" },
	{ "untraced", 1, is_untraced, "PID: no task of PID has a tracer" },
	{ "gone", 1, is_gone, "PID: it has ended" },
	{ "text", 2, has_text, "FILE TEXT: a whole line of FILE holds TEXT" },
	{ "lines", 2, has_lines, "FILE NUMBER: FILE has so many lines" },
	{ "idle", 1, is_idle, "PID: its leader has been asleep for a while" },
	{ "call", 2, is_in_call, "TID NUMBER: it is in the system call of that number" },
};
enum { CONDITIONS = sizeof(conditions) / sizeof(conditions[0]) };

static int wait_for(size_t index, char *words[], long seconds)
{
	struct timespec now, pause = { .tv_nsec = 1000 * 1000 };
	time_t end;

	clock_gettime(CLOCK_MONOTONIC, &now);
	end = now.tv_sec + seconds;
	for (;;) {
		if (conditions[index].holds(words))
			return 0;
		clock_gettime(CLOCK_MONOTONIC, &now);
		if (now.tv_sec >= end)
			break;
		nanosleep(&pause, NULL);
		if (pause.tv_nsec < 20 * 1000 * 1000)
			pause.tv_nsec += pause.tv_nsec / 4;
	}
	fprintf(stderr, "await: not within %ld s: %s %s %s\n", seconds, conditions[index].name, words[0],
		words[1] != NULL ? words[1] : "");
	return 1;
}

int main(int argc, char *argv[])
{
	const char *limit = getenv("AWAIT_SECONDS");
	long seconds = limit != NULL ? atol(limit) : 120;

	for (size_t i = 0; i < CONDITIONS && argc > 1; i++)
		if (strcmp(argv[1], conditions[i].name) == 0 && argc == 2 + conditions[i].words)
			return wait_for(i, argv + 2, seconds);
	fputs("Usage: await CONDITION (waits $AWAIT_SECONDS at most)\n", stderr);
	for (size_t i = 0; i < CONDITIONS; i++)
		fprintf(stderr, "  %s %s\n", conditions[i].name, conditions[i].usage);
	return 2;
}
