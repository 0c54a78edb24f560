/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compares a trace with what the actor says it did and with the kernel's own list of creations.
 *
 * It reads flags and signals by tables of its own, so that a mistake in cltrace's cannot hide itself. */
#include <ctype.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

enum what { MADE, REFUSED, CALL, EXIT, EXEC, REPARENT, THERE };

/* One event line of the trace. */
struct entry {
	enum what what;
	unsigned line;
	pid_t tid;	    /* at the line's beginning */
	pid_t other;	    /* child; former tid of exec; new parent */
	bool creator_known; /* MADE: tid is the creator */
	bool request_known; /* MADE, REFUSED: call, flags and exit_signal */
	char call[24];
	uint64_t flags;
	int exit_signal;
	char verdict;	 /* P, T, or 0: not reported */
	char status[40]; /* EXIT: "exited 3"; REFUSED and CALL: "EINVAL" or the number */
	bool zombie;	 /* EXIT: of a leader that stays */
	bool used;
};

static struct entry *entries;
static size_t entry_count;

static unsigned complaints;

__attribute__((format(printf, 1, 2))) static void complain(const char *format, ...)
{
	va_list list;

	if (++complaints > 20)
		return;
	va_start(list, format);
	vprintf(format, list);
	va_end(list);
	putchar('\n');
}

/* ---- flags and signals ---- */

static const struct {
	const char *name;
	uint64_t value;
} flag_names[] = {
	{ "CLONE_VM", 0x100 },
	{ "CLONE_FS", 0x200 },
	{ "CLONE_FILES", 0x400 },
	{ "CLONE_SIGHAND", 0x800 },
	{ "CLONE_PIDFD", 0x1000 },
	{ "CLONE_PTRACE", 0x2000 },
	{ "CLONE_VFORK", 0x4000 },
	{ "CLONE_PARENT", 0x8000 },
	{ "CLONE_THREAD", 0x10000 },
	{ "CLONE_NEWNS", 0x20000 },
	{ "CLONE_SYSVSEM", 0x40000 },
	{ "CLONE_SETTLS", 0x80000 },
	{ "CLONE_PARENT_SETTID", 0x100000 },
	{ "CLONE_CHILD_CLEARTID", 0x200000 },
	{ "CLONE_DETACHED", 0x400000 },
	{ "CLONE_UNTRACED", 0x800000 },
	{ "CLONE_CHILD_SETTID", 0x1000000 },
	{ "CLONE_NEWCGROUP", 0x2000000 },
	{ "CLONE_NEWUTS", 0x4000000 },
	{ "CLONE_NEWIPC", 0x8000000 },
	{ "CLONE_NEWUSER", 0x10000000 },
	{ "CLONE_NEWPID", 0x20000000 },
	{ "CLONE_NEWNET", 0x40000000 },
	{ "CLONE_IO", 0x80000000 },
	{ "CLONE_NEWTIME", 0x80 },
	{ "CLONE_CLEAR_SIGHAND", 1ULL << 32 },
	{ "CLONE_INTO_CGROUP", 1ULL << 33 },
};
static const uint64_t flag_thread = 0x10000, flag_untraced = 0x800000;

static const struct {
	const char *name;
	int value;
} signal_names[] = {
	{ "SIGHUP", 1 },   { "SIGINT", 2 },   { "SIGQUIT", 3 },	  { "SIGTRAP", 5 },  { "SIGKILL", 9 },
	{ "SIGUSR1", 10 }, { "SIGSEGV", 11 }, { "SIGUSR2", 12 },  { "SIGTERM", 15 }, { "SIGCHLD", 17 },
	{ "SIGCONT", 18 }, { "SIGSTOP", 19 }, { "SIGRTMIN", 34 },
};

static bool parse_signal(const char *word, size_t length, int *ret)
{
	char buffer[24];
	char *end;

	if (length >= sizeof(buffer))
		return false;
	memcpy(buffer, word, length);
	buffer[length] = '\0';
	if (strncmp(buffer, "SIGRTMIN+", 9) == 0) {
		*ret = 34 + atoi(buffer + 9);
		return true;
	}
	for (size_t i = 0; i < sizeof(signal_names) / sizeof(signal_names[0]); i++) {
		if (strcmp(signal_names[i].name, buffer) == 0) {
			*ret = signal_names[i].value;
			return true;
		}
	}
	*ret = (int)strtol(buffer, &end, 10);
	return end != buffer && *end == '\0';
}

/* One of what '|' joins. */
static bool parse_flag(const char *word, size_t length, struct entry *entry)
{
	int signal;

	for (size_t i = 0; i < sizeof(flag_names) / sizeof(flag_names[0]); i++) {
		if (strlen(flag_names[i].name) == length && strncmp(flag_names[i].name, word, length) == 0) {
			entry->flags |= flag_names[i].value;
			return true;
		}
	}
	if (length > 2 && strncmp(word, "0x", 2) == 0) {
		entry->flags |= strtoull(word, NULL, 16);
		return true;
	}
	if (length == 1 && *word == '0')
		return true;
	if (!parse_signal(word, length, &signal))
		return false;
	entry->exit_signal = signal;
	return true;
}

/* "CLONE_VM|SIGCHLD, stack=...)" and so on. An address and a size alone: the struct could not be read. */
static bool parse_arguments(const char *arguments, struct entry *entry)
{
	const char *more = strstr(arguments, ", exit_signal=");
	size_t length = strcspn(arguments, ",)");

	entry->request_known = true;
	if (strcmp(entry->call, "fork") == 0) {
		entry->exit_signal = 17;
		return true;
	}
	if (strcmp(entry->call, "vfork") == 0) {
		entry->exit_signal = 17;
		entry->flags = 0x4100;
		return true;
	}
	if (strncmp(arguments, "0x", 2) == 0 && strncmp(arguments + length, ", size=", 7) == 0 && more == NULL) {
		entry->request_known = false;
		return true;
	}
	for (const char *word = arguments; word < arguments + length;) {
		size_t n = strcspn(word, "|,)");

		if (!parse_flag(word, n, entry))
			return false;
		word += n + 1;
	}
	if (more != NULL)
		return parse_signal(more + 14, strcspn(more + 14, ",)"), &entry->exit_signal);
	return true;
}

/* ---- the trace ---- */

static struct entry *add(enum what what, unsigned line, pid_t tid)
{
	if (entry_count % 1024 == 0)
		entries = realloc(entries, (entry_count + 1024) * sizeof(*entries));
	if (entries == NULL)
		abort();
	entries[entry_count] = (struct entry){ .what = what, .line = line, .tid = tid };
	return &entries[entry_count++];
}

static bool is_creation(const char *call)
{
	return strcmp(call, "clone") == 0 || strcmp(call, "clone3") == 0 || strcmp(call, "fork") == 0 ||
	       strcmp(call, "vfork") == 0;
}

/* "CALL(ARGUMENTS) = RESULT": REST is behind the tid. Returns false for what is no call. */
static bool parse_call(const char *rest, unsigned line, pid_t tid)
{
	bool creator_known = strncmp(rest, "(by ", 4) != 0;
	bool call_known = strstr(rest, "call not seen)") == NULL;
	const char *equals = NULL;
	struct entry *entry;
	size_t length;

	for (const char *p = rest; (p = strstr(p, " = ")) != NULL; p++)
		equals = p;
	if (equals == NULL)
		return false;
	if (!creator_known) {
		rest = strchr(rest, ')');
		if (rest == NULL)
			return false;
		rest += rest[1] == ' ' ? 2 : 1;
	}
	if (*rest == '[') { /* "[i386] " */
		rest = strchr(rest, ' ');
		if (rest == NULL)
			return false;
		rest++;
	}
	length = strspn(rest, "abcdefghijklmnopqrstuvwxyz0123456789_");
	if (call_known && (length == 0 || rest[length] != '(' || length >= sizeof(entry->call)))
		return false;

	entry = add(MADE, line, tid);
	entry->creator_known = creator_known;
	entry->other = (pid_t)atoi(equals + 3);
	if (!call_known)
		return true;
	memcpy(entry->call, rest, length);
	if (is_creation(entry->call)) {
		if (!parse_arguments(rest + length + 1, entry))
			complain("line %u: flags that this program does not know: %s", line, rest);
		if (entry->other >= 0)
			return true;
		entry->what = REFUSED;
	} else {
		entry->what = CALL;
	}
	snprintf(entry->status, sizeof(entry->status), "%.*s", (int)strcspn(equals + (entry->other < 0 ? 6 : 3), " \n"),
		 equals + (entry->other < 0 ? 6 : 3));
	return true;
}

static void parse_line(const char *text, unsigned line)
{
	char *rest;
	pid_t tid = (pid_t)strtol(text, &rest, 10);
	struct entry *entry;

	if (!isdigit((unsigned char)*text) || *rest != ' ') {
		while (*text == ' ')
			text++;
		if (entry_count > 0 && entries[entry_count - 1].line == line - 1) {
			entry = &entries[entry_count - 1];
			if (strncmp(text, "PROCESS ", 8) == 0)
				entry->verdict = 'P';
			else if (strncmp(text, "THREAD ", 7) == 0)
				entry->verdict = 'T';
		}
		return;
	}
	rest++;
	if (strncmp(rest, "exited ", 7) == 0 || strncmp(rest, "killed by ", 10) == 0) {
		int words = *rest == 'e' ? 2 : 3;
		size_t length = 0;

		entry = add(EXIT, line, tid);
		for (int i = 0; i < words; i++)
			length += strcspn(rest + length, " \n") + (i + 1 < words);
		snprintf(entry->status, sizeof(entry->status), "%.*s", (int)length, rest);
		entry->zombie = strstr(rest, "zombie") != NULL;
	} else if (strncmp(rest, "ended", 5) == 0 || strncmp(rest, "replaced by exec", 16) == 0) {
		entry = add(EXIT, line, tid); /* without a status of its own */
	} else if (strncmp(rest, "exec", 4) == 0 && (rest[4] == ':' || rest[4] == ' ' || rest[4] == '\n')) {
		entry = add(EXEC, line, tid);
		entry->other = strncmp(rest + 4, " by thread ", 11) == 0 ? (pid_t)atoi(rest + 15) : tid;
	} else if (strncmp(rest, "now child of ", 13) == 0) {
		entry = add(REPARENT, line, tid);
		entry->other = (pid_t)atoi(rest + 13);
	} else if (strncmp(rest, "already there", 13) == 0 || strncmp(rest, "launched", 8) == 0) {
		add(THERE, line, tid);
	} else if (strncmp(rest, "note: ", 6) != 0) {
		parse_call(rest, line, tid);
	}
}

/* The tree at the end begins with tids, too: the trace is over at the first empty line. */
static void read_trace(const char *path)
{
	FILE *file = fopen(path, "r");
	char *text = NULL;
	size_t size = 0;
	unsigned line = 0;

	if (file == NULL) {
		perror(path);
		exit(2);
	}
	while (getline(&text, &size, file) > 0 && *text != '\n')
		parse_line(text, ++line);
	free(text);
	fclose(file);
}

/* ---- what the actor says ---- */

static bool fact_string(const char *fact, const char *key, char *ret, size_t size)
{
	char pattern[32];
	const char *value;

	snprintf(pattern, sizeof(pattern), "\"%s\":\"", key);
	value = strstr(fact, pattern);
	if (value == NULL) {
		*ret = '\0';
		return false;
	}
	value += strlen(pattern);
	snprintf(ret, size, "%.*s", (int)strcspn(value, "\""), value);
	return true;
}

static long fact_number(const char *fact, const char *key)
{
	char pattern[32];
	const char *value;

	snprintf(pattern, sizeof(pattern), "\"%s\":", key);
	value = strstr(fact, pattern);
	return value != NULL ? atol(value + strlen(pattern)) : -1;
}

/* Whether the request of ENTRY is the one that FACT states; where a library chose the flags, all but THREAD may be. */
static bool same_request(const struct entry *entry, const char *fact)
{
	char text[32], kind[16];

	fact_string(fact, "kind", kind, sizeof(kind));
	if (!fact_string(fact, "flags", text, sizeof(text)))
		return !entry->request_known || ((entry->flags & flag_thread) != 0) == (strcmp(kind, "thread") == 0);
	if (!entry->request_known || entry->flags != strtoull(text, NULL, 16) ||
	    entry->exit_signal != fact_number(fact, "exit_signal"))
		return false;
	fact_string(fact, "call", text, sizeof(text));
	return strcmp(text, entry->call) == 0;
}

static bool find_task(const char *fact, bool attached)
{
	pid_t tid = (pid_t)fact_number(fact, "tid");
	pid_t creator = (pid_t)fact_number(fact, "creator");
	bool thread = strstr(fact, "\"kind\":\"thread\"") != NULL;

	for (size_t i = 0; i < entry_count; i++) {
		struct entry *entry = &entries[i];

		if (entry->used)
			continue;
		if (attached && entry->what == THERE && entry->tid == tid) {
			entry->used = true;
			return true;
		}
		if (entry->what != MADE || entry->other != tid || !entry->creator_known || entry->tid != creator ||
		    (entry->verdict != '\0' && entry->verdict != (thread ? 'T' : 'P')) || !same_request(entry, fact))
			continue;
		entry->used = true;
		return true;
	}
	return false;
}

static bool find_refused(const char *fact)
{
	char call[24], errno_text[40], flags[32];

	fact_string(fact, "call", call, sizeof(call));
	fact_string(fact, "errno", errno_text, sizeof(errno_text));
	fact_string(fact, "flags", flags, sizeof(flags));
	for (size_t i = 0; i < entry_count; i++) {
		struct entry *entry = &entries[i];

		if (entry->used || entry->what != REFUSED || entry->tid != fact_number(fact, "creator") ||
		    strcmp(entry->call, call) != 0 || strcmp(entry->status, errno_text) != 0)
			continue;
		if (entry->request_known && entry->flags != strtoull(flags, NULL, 16))
			continue;
		entry->used = true;
		return true;
	}
	return false;
}

static bool find_other(const char *fact, enum what what, const char *text_key, const char *other_key)
{
	char text[40], call[24];

	fact_string(fact, text_key, text, sizeof(text));
	fact_string(fact, "call", call, sizeof(call));
	for (size_t i = 0; i < entry_count; i++) {
		struct entry *entry = &entries[i];

		if (entry->used || entry->what != what || entry->tid != fact_number(fact, "tid") ||
		    strcmp(entry->status, text) != 0)
			continue;
		if (what == CALL && strcmp(entry->call, call) != 0)
			continue;
		if (other_key != NULL && entry->other != fact_number(fact, other_key))
			continue;
		entry->used = true;
		return true;
	}
	return false;
}

static bool find_zombie(const char *fact)
{
	for (size_t i = 0; i < entry_count; i++)
		if (entries[i].what == EXIT && entries[i].zombie && entries[i].tid == fact_number(fact, "tid"))
			return true;
	return false;
}

/* Returns false for a fact that the trace does not hold. */
static bool is_reported(const char *fact, bool attached)
{
	char what[16];

	fact_string(fact, "fact", what, sizeof(what));
	if (strcmp(what, "task") == 0)
		return find_task(fact, attached);
	if (strcmp(what, "refused") == 0)
		return find_refused(fact);
	if (strcmp(what, "exit") == 0)
		return find_other(fact, EXIT, "status", NULL);
	if (strcmp(what, "call") == 0)
		return find_other(fact, CALL, "result", NULL);
	if (strcmp(what, "unexec") == 0)
		return find_other(fact, CALL, "result", NULL);
	if (strcmp(what, "exec") == 0)
		return find_other(fact, EXEC, "", "former");
	if (strcmp(what, "reparent") == 0)
		return find_other(fact, REPARENT, "", "to");
	if (strcmp(what, "zombie") == 0)
		return find_zombie(fact);
	return true;
}

/* CREATIONS_ONLY: the trace is of the call lines alone, or by event stops alone: no refusals and other calls. */
static void check_facts(const char *path, bool attached, const char *only)
{
	FILE *file = fopen(path, "r");
	char *fact = NULL;
	size_t size = 0;
	unsigned checked = 0;
	char what[16];

	if (file == NULL) {
		perror(path);
		exit(2);
	}
	while (getline(&fact, &size, file) > 0) {
		fact_string(fact, "fact", what, sizeof(what));
		if (only != NULL && strstr(only, what) == NULL)
			continue;
		checked++;
		if (!is_reported(fact, attached))
			complain("the trace does not tell: %s", fact);
	}
	free(fact);
	fclose(file);
	if (checked == 0)
		complain("%s states no facts", path);
}

/* ---- what the kernel says ---- */

struct creation {
	pid_t creator, child;
	uint64_t flags;
};
static const uint64_t flags_unknown = UINT64_MAX;

static int creation_order(const void *one, const void *two)
{
	const struct creation *a = one, *b = two;

	if (a->creator != b->creator)
		return a->creator < b->creator ? -1 : 1;
	if (a->child != b->child)
		return a->child < b->child ? -1 : 1;
	return a->flags < b->flags ? -1 : a->flags > b->flags;
}

/* The kernel's list holds all that descends from the tracer: from ROOT down are the program's. RET_SEEN: it holds
 * ROOT itself, so it is one of this run. */
static size_t read_kernel(const char *path, pid_t root, struct creation **ret, bool *ret_seen)
{
	static bool ours[1 << 22];
	struct creation *list = NULL, one;
	FILE *file = fopen(path, "r");
	size_t count = 0;
	char line[128];

	if (file == NULL) {
		perror(path);
		exit(2);
	}
	ours[root] = true;
	while (fgets(line, sizeof(line), file) != NULL) {
		unsigned long long flags;

		if (sscanf(line, "%d %d %llx", &one.creator, &one.child, &flags) != 3)
			continue;
		if (one.child == root)
			*ret_seen = true;
		if (!ours[one.creator])
			continue;
		ours[one.child] = true;
		one.flags = flags & ~flag_untraced;
		if (count % 1024 == 0)
			list = realloc(list, (count + 1024) * sizeof(*list));
		if (list == NULL)
			abort();
		list[count++] = one;
	}
	fclose(file);
	*ret = list;
	return count;
}

static size_t list_made(struct creation **ret, bool need_flags)
{
	struct creation *list = calloc(entry_count + 1, sizeof(*list));
	size_t count = 0;

	if (list == NULL)
		abort();
	for (size_t i = 0; i < entry_count; i++) {
		const struct entry *entry = &entries[i];

		if (entry->what != MADE)
			continue;
		if (!entry->request_known && need_flags)
			complain("line %u: task %d without its flags", entry->line, entry->other);
		list[count++] = (struct creation){ .creator = entry->creator_known ? entry->tid : 0,
						   .child = entry->other,
						   .flags = entry->request_known ? entry->flags & ~flag_untraced
										 : flags_unknown };
	}
	*ret = list;
	return count;
}

static void print_creation(const char *who, const struct creation *creation)
{
	complain("only %s knows of: %d made %d with flags 0x%llx", who, creation->creator, creation->child,
		 (unsigned long long)creation->flags);
}

/* Adds to MADE what it does not know because its creator was killed, and its flags if nothing showed them. */
static void complete(struct creation *made, const struct creation *kernel, size_t kernels)
{
	for (size_t n = 0; (made->creator == 0 || made->flags == flags_unknown) && n < kernels; n++) {
		if (kernel[n].child != made->child || (made->creator != 0 && made->creator != kernel[n].creator) ||
		    (made->flags != flags_unknown && made->flags != kernel[n].flags))
			continue;
		*made = kernel[n];
	}
}

/* LOST: the creator may be unknown to the trace (0), its process having been killed; NEED_FLAGS: not so its flags. */
static void check_kernel(const char *path, pid_t root, bool lost, bool need_flags)
{
	struct creation *kernel, *made;
	bool seen = false;
	size_t kernels = read_kernel(path, root, &kernel, &seen);
	size_t mades = list_made(&made, need_flags);
	size_t i = 0, j = 0;

	if (!seen)
		complain("%s does not hold the creation of %d", path, root);
	for (size_t k = 0; lost && k < mades; k++)
		complete(&made[k], kernel, kernels);
	qsort(kernel, kernels, sizeof(*kernel), creation_order);
	qsort(made, mades, sizeof(*made), creation_order);
	while (i < kernels || j < mades) {
		int order = i == kernels ? 1 : j == mades ? -1 : creation_order(&kernel[i], &made[j]);

		if (order < 0)
			print_creation("the kernel", &kernel[i++]);
		else if (order > 0)
			print_creation("the trace", &made[j++]);
		else
			i++, j++;
	}
	free(kernel);
	free(made);
}

/* ---- the trace in itself ---- */

/* Each task that was made has ended, or went on as the leader after its exec. */
static void check_ends(void)
{
	for (size_t i = 0; i < entry_count; i++) {
		size_t j;

		if (entries[i].what != MADE)
			continue;
		for (j = i + 1; j < entry_count; j++) {
			const struct entry *end = &entries[j];

			if ((end->what == EXIT && end->tid == entries[i].other) ||
			    (end->what == EXEC && end->other == entries[i].other && end->tid != end->other))
				break;
		}
		if (j == entry_count)
			complain("line %u: the end of %d is not told", entries[i].line, entries[i].other);
	}
}

/* Threads have the verdict THREAD, by their flags. */
static void check_verdicts(void)
{
	for (size_t i = 0; i < entry_count; i++) {
		const struct entry *entry = &entries[i];

		if (entry->what != MADE || !entry->request_known)
			continue;
		if (entry->verdict == '\0')
			complain("line %u: no verdict on %d", entry->line, entry->other);
		else if ((entry->verdict == 'T') != ((entry->flags & flag_thread) != 0))
			complain("line %u: the verdict on %d is wrong", entry->line, entry->other);
	}
}

static const char usage[] =
	"Usage: compare [OPTIONS] TRACE\n"
	"  -f FILE   the actor's facts: each is told by the trace\n"
	"  -k FILE   the kernel's list by newtask, of what PID (-r) and its descendants made: the same as the trace's\n"
	"  -r PID    the program traced\n"
	"  -a        attached: tasks may have been there already, ends need not be told\n"
	"  -q        the trace is of call lines alone (-q): no verdicts, no ends\n"
	"  -o WHATS  check these facts alone (task, exit, ...)\n"
	"  -l        creators may be unknown: they were killed\n"
	"  -u        and with them the flags: the trace is by event stops alone\n"
	"  -c        count: print how many creations the trace tells\n";

int main(int argc, char *argv[])
{
	const char *facts = NULL, *kernel = NULL, *only = NULL;
	bool attached = false, quiet = false, lost = false, count = false, need_flags = true;
	pid_t root = 0;
	int option;

	while ((option = getopt(argc, argv, "f:k:r:aqo:luc")) != -1) {
		switch (option) {
		case 'f':
			facts = optarg;
			break;
		case 'k':
			kernel = optarg;
			break;
		case 'r':
			root = (pid_t)atoi(optarg);
			break;
		case 'a':
			attached = true;
			break;
		case 'q':
			quiet = true;
			break;
		case 'o':
			only = optarg;
			break;
		case 'l':
			lost = true;
			break;
		case 'u':
			need_flags = false;
			break;
		case 'c':
			count = true;
			break;
		default:
			fputs(usage, stderr);
			return 2;
		}
	}
	if (optind + 1 != argc || (kernel != NULL && (root <= 0 || root >= 1 << 22))) {
		fputs(usage, stderr);
		return 2;
	}
	read_trace(argv[optind]);
	if (count) {
		struct creation *made;

		printf("%zu\n", list_made(&made, false));
		free(made);
		return 0;
	}
	if (facts != NULL)
		check_facts(facts, attached, only);
	if (kernel != NULL)
		check_kernel(kernel, root, lost, need_flags);
	if (!quiet)
		check_verdicts();
	if (!quiet && !attached)
		check_ends();
	if (complaints > 20)
		printf("... %u complaints\n", complaints);
	return complaints > 0;
}
