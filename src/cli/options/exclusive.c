/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of options that exclude or require each other. */
#include "cli/options/exclusive.h"

#include "base/array.h"

/* What the user has given. */
enum given {
	PROGRAM = 1 << 0,
	PIDS = 1 << 1,
	REPLAY = 1 << 2,
	SNAPSHOT = 1 << 3,
	DIFF = 1 << 4,
	EXPLAIN = 1 << 5,
	COMPARE = 1 << 6,
	TWO_WORDS = 1 << 7, /* of --explain or --compare */
	CALL = 1 << 8,
	OUTPUT = 1 << 9,
	FORMAT = 1 << 10,
	APPEND = 1 << 11,
	SUMMARY = 1 << 12,
	SUMMARY_ONLY = 1 << 13,
	DESCENDANTS = 1 << 14,
	FOLLOW = 1 << 15,
	VERIFY = 1 << 16,
	KILL_ON_EXIT = 1 << 17,
	DEBUG_STOPS = 1 << 18,
	NO_SECCOMP = 1 << 19,
	DURATION = 1 << 20,
	MAX_EVENTS = 1 << 21,
	UNTIL_EXIT = 1 << 22,
	DETACH_ON = 1 << 23,
	USER = 1 << 24,
	DAEMONIZE = 1 << 25,
	ENVIRONMENT = 1 << 26,
};

#define LIMITS (DURATION | MAX_EVENTS | UNTIL_EXIT | DETACH_ON)
#define OF_TRACING (VERIFY | KILL_ON_EXIT | DEBUG_STOPS | NO_SECCOMP | LIMITS)
#define OF_PROGRAM (USER | DAEMONIZE | ENVIRONMENT)
#define INSTEAD_OF_PROGRAM (PIDS | REPLAY | SNAPSHOT | DIFF | EXPLAIN | COMPARE)

/* The options are wrong if all of `all`, one of `any` (0: any options) and none of `none` are given. */
struct exclusive {
	unsigned all, any, none;
	const char *message;
};

/* Only the message of the first row that fits is reported. */
static const struct exclusive exclusives[] = {
	{ REPLAY, PROGRAM | PIDS, 0, "--replay shows what was recorded and traces nothing: leave out PROGRAM and -p" },
	{ REPLAY, KILL_ON_EXIT | DEBUG_STOPS | NO_SECCOMP, 0,
	  "--replay traces nothing: leave out --kill-on-exit, --debug-stops and --seccomp" },
	{ REPLAY, LIMITS, 0, "--replay traces nothing: leave out --duration, --max-events, --until-exit and -b" },
	{ SNAPSHOT, PROGRAM, 0, "--snapshot runs nothing: leave out PROGRAM, and name processes that are there by -p" },
	{ SNAPSHOT, OF_TRACING | FOLLOW, 0, "--snapshot traces nothing: leave out what is about how a trace is made" },
	{ SNAPSHOT | REPLAY, 0, DIFF,
	  "--snapshot looks at what is there now: --replay=FILE --format=snapshot shows a recorded one" },
	{ DIFF, 0, SNAPSHOT, "--diff compares snapshots: cltrace --snapshot --diff=FILE" },
	{ DIFF, OUTPUT, 0, "--diff writes to stdout: leave out -o" },
	{ REPLAY, VERIFY, 0,
	  "--replay traces nothing: --verify is for the run that is recorded, whose answers are shown" },
	{ FOLLOW, 0, REPLAY, "--follow goes with --replay FILE; PROGRAM is followed anyway" },
	{ SUMMARY_ONLY, SUMMARY, 0, "-c shows a summary instead of the trace, -C behind it: give one of them" },
	{ SUMMARY_ONLY, FORMAT, 0, "-c stands for --format=summary: leave out --format, or give -C for both" },
	{ CALL, 0, EXPLAIN, "--call is for --explain: cltrace --explain --call=clone3 FLAGS" },
	{ EXPLAIN, PIDS | OUTPUT | OF_PROGRAM | KILL_ON_EXIT | DESCENDANTS | LIMITS | REPLAY | VERIFY, 0,
	  "--explain traces nothing and writes to stdout: give it no -p, -o or options of a PROGRAM" },
	{ COMPARE, 0, TWO_WORDS, "--compare takes two programs or recordings: cltrace --compare ./a './b --option'" },
	{ COMPARE, PIDS | OUTPUT | OF_PROGRAM | DESCENDANTS | REPLAY, 0,
	  "--compare runs its programs by itself and writes to stdout: leave out -p, -o, -u, -D, -E" },
	{ DAEMONIZE, 0, PROGRAM, "-D needs a PROGRAM to run: cltrace -D PROGRAM [ARGS]" },
	{ USER, 0, PROGRAM, "-u needs a PROGRAM to run: cltrace -u USER PROGRAM [ARGS]" },
	{ ENVIRONMENT, 0, PROGRAM, "-E needs a PROGRAM to run: cltrace -E VAR=VALUE PROGRAM [ARGS]" },
	{ 0, 0, PROGRAM | INSTEAD_OF_PROGRAM,
	  "nothing to trace: give a PROGRAM to run, or -p PID to attach to (see cltrace --help)" },
	{ APPEND, 0, OUTPUT, "-A appends to a file: name it with -o FILE" },
	{ KILL_ON_EXIT | PIDS, 0, 0,
	  "--kill-on-exit goes with a PROGRAM alone: what -p attaches to lives on when cltrace ends" },
	{ DESCENDANTS, 0, PIDS, "--descendants goes with -p PID; those of a PROGRAM are followed anyway" },
};

/* Bits of enum given. */
static unsigned what_is_given(const struct options *options)
{
	const struct {
		unsigned what;
		bool given;
	} all[] = {
		{ PROGRAM, options->command },
		{ PIDS, options->pid_count },
		{ REPLAY, options->replay },
		{ SNAPSHOT, options->snapshot },
		{ DIFF, options->diff },
		{ EXPLAIN, options->action == OPTIONS_EXPLAIN },
		{ COMPARE, options->action == OPTIONS_COMPARE },
		{ TWO_WORDS, options->what_count == 2 },
		{ CALL, options->call },
		{ OUTPUT, options->outputs },
		{ FORMAT, options->format },
		{ APPEND, options->detail.append },
		{ SUMMARY, options->summary },
		{ SUMMARY_ONLY, options->summary_only },
		{ DESCENDANTS, options->descendants },
		{ FOLLOW, options->follow },
		{ VERIFY, options->verify },
		{ KILL_ON_EXIT, options->kill_on_exit },
		{ DEBUG_STOPS, options->debug_stops },
		{ NO_SECCOMP, !options->seccomp },
		{ DURATION, options->time_limit },
		{ MAX_EVENTS, options->max_events },
		{ UNTIL_EXIT, options->until_exit },
		{ DETACH_ON, options->detach_on_exec },
		{ USER, options->user },
		{ DAEMONIZE, options->daemonize },
		{ ENVIRONMENT, options->environment_count },
	};
	unsigned given = 0;

	for (size_t i = 0; i < ARRAY_LENGTH(all); i++)
		given |= all[i].given ? all[i].what : 0;
	return given;
}

bool exclusive_needs_program(const struct options *options)
{
	return options->action == OPTIONS_TRACE && !(what_is_given(options) & (PROGRAM | INSTEAD_OF_PROGRAM));
}

int exclusive_check(struct parse *parse)
{
	const unsigned given = what_is_given(parse->options);

	for (size_t i = 0; i < ARRAY_LENGTH(exclusives); i++) {
		const struct exclusive *row = &exclusives[i];

		if ((given & row->all) == row->all && (!row->any || given & row->any) && !(given & row->none))
			return option_refuse(parse, row->message);
	}
	return 0;
}
