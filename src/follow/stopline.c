/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Formats and parses the lines of --debug-stops from one table of fields, and plays them to follow. */
#include "follow/stopline.h"

#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "event/want.h"

#define ARRAY_LENGTH(array) (sizeof(array) / sizeof((array)[0]))

enum field_type {
	FIELD_DECIMAL, /* a signed number, 1, 4 or 8 bytes wide */
	FIELD_HEX,     /* ... in which bits matter */
	FIELD_STATUS,  /* ... that is written even when it is zero */
	FIELD_WANT,    /* 1: one bit of enum event_want, which is `have` of the row */
	FIELD_MODE,    /* enum event_mode by name */
	FIELD_HOW,     /* enum order_how by name */
	FIELD_LETTER,  /* a char */
	FIELD_ARGS,    /* a call's six arguments */
	FIELD_BYTES,   /* clone_args: pairs of hexadecimal digits */
	FIELD_SET_TID, /* clone_args: the list */
	FIELD_NSPIDS,  /* struct nspids, where there is more than one */
	FIELD_FACTS,   /* stop.facts: what:value:use:id, with commas */
	FIELD_CGROUP,  /* their cgroup, as a command */
	FIELD_COMMAND, /* an escaped string to the end of the line; NULL: left out */
	FIELD_LINE,    /* a string to the end of the line, as it is */
};

struct field {
	unsigned kinds; /* bits 1 << enum stopline_kind */
	unsigned have;	/* in a gather line: only with one of these parts; 0: always. Of FIELD_WANT: the bit */
	const char *key;
	enum field_type type;
	uint16_t offset, size; /* in struct stopline */
};

#define FIELD(kinds, have, key, type, member)                                      \
	{                                                                          \
		(kinds), (have), (key), (type), offsetof(struct stopline, member), \
			sizeof(((struct stopline *)NULL)->member)                  \
	}
#define BIT(kind) (1u << STOPLINE_##kind)

/* The order is that of the lines; the command is last. */
static const struct field fields[] = {
	FIELD(BIT(BEGIN), 0, "mode", FIELD_MODE, begin.config.mode),
	FIELD(BIT(BEGIN), WANT_DURATIONS, "duration", FIELD_WANT, begin.config.wants),
	FIELD(BIT(BEGIN), WANT_MEMORY, "memory", FIELD_WANT, begin.config.wants),
	FIELD(BIT(BEGIN), 0, "stop_cost", FIELD_DECIMAL, begin.config.stop_cost),
	FIELD(BIT(BEGIN), 0, "stop_cost_most", FIELD_DECIMAL, begin.config.stop_cost_most),
	FIELD(BIT(BEGIN), 0, "clone3_hidden", FIELD_DECIMAL, begin.config.clone3_hidden),
	FIELD(BIT(BEGIN), WANT_SIGNALS, "signals", FIELD_WANT, begin.config.wants),
	FIELD(BIT(BEGIN), 0, "detach_on_exec", FIELD_DECIMAL, begin.config.detach_on_exec),
	FIELD(BIT(BEGIN), WANT_VERIFY, "verify", FIELD_WANT, begin.config.wants),
	FIELD(BIT(BEGIN), WANT_NAMES, "names", FIELD_WANT, begin.config.wants),
	FIELD(BIT(BEGIN), WANT_IGNORED, "ignored_asked", FIELD_WANT, begin.config.wants),
	FIELD(BIT(BEGIN), 0, "data", FIELD_HEX, begin.config.seccomp_data),
	FIELD(BIT(BEGIN), 0, "launched", FIELD_DECIMAL, begin.launched),
	FIELD(BIT(BEGIN), 0, "arch", FIELD_HEX, begin.audit_arch),
	FIELD(BIT(BEGIN), 0, "realtime", FIELD_DECIMAL, begin.realtime),
	FIELD(BIT(ATTACH), 0, "tid", FIELD_DECIMAL, attach.tid),
	FIELD(BIT(ATTACH), 0, "tgid", FIELD_DECIMAL, attach.tgid),
	FIELD(BIT(ATTACH), 0, "ppid", FIELD_DECIMAL, attach.ppid),
	FIELD(BIT(ATTACH), 0, "nspid", FIELD_DECIMAL, attach.nspid),
	FIELD(BIT(ATTACH), 0, "nspids", FIELD_NSPIDS, attach.all),
	FIELD(BIT(ATTACH), 0, "nlwp", FIELD_DECIMAL, attach.nlwp),
	FIELD(BIT(ATTACH), 0, "creator", FIELD_DECIMAL, attach.creator),
	FIELD(BIT(ATTACH), 0, "inferred", FIELD_HEX, attach.inferred),
	FIELD(BIT(ATTACH), 0, "launched", FIELD_DECIMAL, attach.launched),
	FIELD(BIT(ATTACH), 0, "zombie", FIELD_DECIMAL, attach.zombie),
	FIELD(BIT(ATTACH), 0, "has_uid", FIELD_DECIMAL, attach.has_uid),
	FIELD(BIT(ATTACH), 0, "uid", FIELD_DECIMAL, attach.uid),
	FIELD(BIT(ATTACH), 0, "exit_stop", FIELD_DECIMAL, attach.exit_stop),
	FIELD(BIT(ATTACH), 0, "workers", FIELD_DECIMAL, attach.workers),
	FIELD(BIT(MODE), 0, "mode", FIELD_MODE, mode.mode),
	FIELD(BIT(MODE), 0, "error", FIELD_DECIMAL, mode.error),
	FIELD(BIT(STOP) | BIT(GATHER), 0, "tid", FIELD_DECIMAL, stop.tid),
	FIELD(BIT(STOP), 0, "status", FIELD_STATUS, stop.status),
	FIELD(BIT(STOP), 0, "when", FIELD_DECIMAL, stop.when),
	FIELD(BIT(GATHER), 0, "parts", FIELD_HEX, parts),
	FIELD(BIT(GATHER), 0, "have", FIELD_HEX, stop.have),
	FIELD(BIT(GATHER), STOP_MESSAGE, "message", FIELD_DECIMAL, stop.message),
	FIELD(BIT(GATHER), STOP_CALL, "arch", FIELD_HEX, stop.call.audit_arch),
	FIELD(BIT(GATHER), STOP_CALL, "nr", FIELD_DECIMAL, stop.call.nr),
	FIELD(BIT(GATHER), STOP_CALL, "args", FIELD_ARGS, stop.call.args),
	FIELD(BIT(GATHER), STOP_CALL, "sp", FIELD_HEX, stop.call.sp),
	FIELD(BIT(GATHER), STOP_CALL, "value", FIELD_DECIMAL, stop.call.value),
	FIELD(BIT(GATHER), STOP_CALL, "data", FIELD_HEX, stop.call.seccomp_data),
	FIELD(BIT(GATHER), STOP_CALL, "clone_args", FIELD_BYTES, stop.clone_args),
	FIELD(BIT(GATHER), STOP_CALL, "set_tid", FIELD_SET_TID, stop.clone_args),
	FIELD(BIT(GATHER), STOP_RESULT, "result", FIELD_DECIMAL, stop.result),
	FIELD(BIT(GATHER), STOP_IDS, "tgid", FIELD_DECIMAL, stop.ids.tgid),
	FIELD(BIT(GATHER), STOP_IDS, "ppid", FIELD_DECIMAL, stop.ids.ppid),
	FIELD(BIT(GATHER), STOP_IDS, "nspid", FIELD_DECIMAL, stop.ids.nspid),
	FIELD(BIT(GATHER), STOP_IDS, "depth", FIELD_DECIMAL, stop.ids.depth),
	FIELD(BIT(GATHER), STOP_IDS, "nspids", FIELD_NSPIDS, stop.ids.all),
	FIELD(BIT(GATHER), STOP_IDS, "state", FIELD_LETTER, stop.ids.state),
	FIELD(BIT(GATHER), STOP_IDS, "ours", FIELD_DECIMAL, stop.ids.ours),
	FIELD(BIT(GATHER), STOP_LIFE, "life", FIELD_DECIMAL, stop.life),
	FIELD(BIT(GATHER), STOP_PID_NS, "other_pid_ns", FIELD_DECIMAL, stop.other_pid_ns),
	FIELD(BIT(GATHER), STOP_COMMAND, "set_id", FIELD_DECIMAL, stop.set_id.ignored),
	FIELD(BIT(GATHER), STOP_COMMAND, "file_id", FIELD_DECIMAL, stop.set_id.file_id),
	FIELD(BIT(GATHER), STOP_COMMAND, "actual_id", FIELD_DECIMAL, stop.set_id.actual_id),
	FIELD(BIT(GATHER), STOP_MEMORY, "page_tables", FIELD_DECIMAL, stop.memory.page_tables),
	FIELD(BIT(GATHER), STOP_MEMORY, "resident", FIELD_DECIMAL, stop.memory.resident),
	FIELD(BIT(GATHER), STOP_SIGINFO, "code", FIELD_DECIMAL, stop.siginfo.code),
	FIELD(BIT(GATHER), STOP_SIGINFO, "sender", FIELD_DECIMAL, stop.siginfo.sender),
	FIELD(BIT(GATHER), STOP_SIGINFO, "sent", FIELD_HEX, stop.siginfo.value),
	FIELD(BIT(GATHER), STOP_SIGINFO, "sent_arch", FIELD_HEX, stop.siginfo.arch),
	FIELD(BIT(GATHER), STOP_ACTION, "caught", FIELD_DECIMAL, stop.action.caught),
	FIELD(BIT(GATHER), STOP_ACTION, "ignored", FIELD_DECIMAL, stop.action.ignored),
	FIELD(BIT(GATHER), STOP_ANSWERS, "beside", FIELD_DECIMAL, stop.beside),
	FIELD(BIT(GATHER), STOP_LEFT, "pthread", FIELD_HEX, stop.pthread),
	FIELD(BIT(GATHER), STOP_LEFT, "left", FIELD_DECIMAL, stop.left),
	FIELD(BIT(GATHER), STOP_FATAL, "signo", FIELD_DECIMAL, stop.signo),
	FIELD(BIT(GATHER), STOP_FATAL, "fatal", FIELD_DECIMAL, stop.fatal),
	FIELD(BIT(GATHER), STOP_ENTERED, "descriptor", FIELD_DECIMAL, stop.wanted.descriptor),
	FIELD(BIT(GATHER), STOP_ANSWERS | STOP_ENTERED, "shared", FIELD_HEX, stop.answers.shared),
	FIELD(BIT(GATHER), STOP_ANSWERS | STOP_ENTERED, "apart", FIELD_HEX, stop.answers.apart),
	FIELD(BIT(GATHER), STOP_ANSWERS | STOP_ENTERED, "neither", FIELD_HEX, stop.answers.neither),
	FIELD(BIT(GATHER), STOP_ANSWERS | STOP_ENTERED, "refused", FIELD_HEX, stop.answers.refused),
	FIELD(BIT(GATHER), STOP_ANSWERS | STOP_ENTERED, "error", FIELD_DECIMAL, stop.answers.error),
	FIELD(BIT(GATHER), STOP_USER, "user", FIELD_DECIMAL, stop.user),
	FIELD(BIT(GATHER), STOP_UNREAPED, "unreaped", FIELD_DECIMAL, stop.unreaped),
	FIELD(BIT(GATHER), STOP_WORKERS, "workers", FIELD_DECIMAL, stop.workers),
	FIELD(BIT(GATHER), STOP_FILTERS, "filters", FIELD_DECIMAL, stop.filters),
	FIELD(BIT(GATHER), STOP_TRACEABLE, "traceable", FIELD_DECIMAL, stop.traceable),
	FIELD(BIT(GATHER), 0, "unreadable", FIELD_DECIMAL, stop.unreadable),
	FIELD(BIT(ORDER), 0, "tid", FIELD_DECIMAL, order.tid),
	FIELD(BIT(ORDER), 0, "how", FIELD_HOW, order.how),
	FIELD(BIT(ORDER), 0, "signal", FIELD_DECIMAL, order.signal),
	FIELD(BIT(ORDER), 0, "change", FIELD_HEX, order.change),
	FIELD(BIT(ORDER), 0, "arch", FIELD_HEX, order.audit_arch),
	FIELD(BIT(ORDER), 0, "flags", FIELD_HEX, order.flags),
	FIELD(BIT(ORDER), 0, "address", FIELD_HEX, order.address),
	FIELD(BIT(ORDER), 0, "result", FIELD_DECIMAL, result),
	FIELD(BIT(END), 0, "status", FIELD_STATUS, end.status),
	FIELD(BIT(BEGIN) | BIT(ATTACH) | BIT(MODE) | BIT(IDLE) | BIT(LOOK) | BIT(DETACH) | BIT(LEAVE) | BIT(END), 0,
	      "when", FIELD_DECIMAL, when),
	FIELD(BIT(ATTACH), 0, "command-cut", FIELD_DECIMAL, attach.command_cut),
	FIELD(BIT(GATHER), STOP_COMMAND, "command-cut", FIELD_DECIMAL, stop.command_cut),
	FIELD(BIT(ATTACH), 0, "command", FIELD_COMMAND, attach.command),
	FIELD(BIT(GATHER), STOP_COMMAND, "command", FIELD_COMMAND, stop.command),
	FIELD(BIT(GATHER), STOP_NAME, "name", FIELD_COMMAND, stop.name),
	FIELD(BIT(GATHER), STOP_FACTS, "facts", FIELD_FACTS, facts),
	FIELD(BIT(GATHER), STOP_FACTS, "cgroup", FIELD_CGROUP, facts.cgroup),
	FIELD(BIT(EVENT), 0, "json", FIELD_LINE, json),
};

static const char *const words[STOPLINE_KIND_COUNT] = {
	[STOPLINE_BEGIN] = "begin",   [STOPLINE_ATTACH] = "attach", [STOPLINE_MODE] = "mode",
	[STOPLINE_STOP] = "stop",     [STOPLINE_IDLE] = "idle",	    [STOPLINE_LOOK] = "look",
	[STOPLINE_DETACH] = "detach", [STOPLINE_LEAVE] = "leave",   [STOPLINE_END] = "end",
	[STOPLINE_GATHER] = "gather", [STOPLINE_ORDER] = "order",   [STOPLINE_EVENT] = "event",
};

static const char *const mode_names[] = {
	[EVENT_MODE_FILTER] = "filter",
	[EVENT_MODE_EVENTS] = "events",
	[EVENT_MODE_CALLS] = "calls",
	NULL,
};

static const char *const how_names[] = {
	[ORDER_CONT] = "cont",	   [ORDER_SYSCALL] = "syscall", [ORDER_LISTEN] = "listen",
	[ORDER_DETACH] = "detach", [ORDER_ASIDE] = "aside",	NULL,
};

static bool field_is_of(const struct field *field, const struct stopline *line)
{
	if (!(field->kinds & 1u << line->kind))
		return false;
	return line->kind != STOPLINE_GATHER || !field->have || field->have & line->stop.have;
}

/* Formatting */

/* The number of SIZE bytes at FROM, sign-extended from 32 bits. */
static int64_t number_load(const void *from, size_t size)
{
	uint8_t byte;
	int32_t word;
	int64_t number;

	switch (size) {
	case sizeof(byte):
		memcpy(&byte, from, size);
		return byte;
	case sizeof(word):
		memcpy(&word, from, size);
		return word;
	default:
		memcpy(&number, from, size);
		return number;
	}
}

static void format_hex(struct text *text, const char *key, int64_t number, size_t size)
{
	text_addf(text, " %s=0x%" PRIx64, key,
		  size == sizeof(uint32_t) ? (uint64_t)(uint32_t)number : (uint64_t)number);
}

static void format_args(struct text *text, const char *key, const uint64_t args[6])
{
	text_addf(text, " %s=0x%" PRIx64, key, args[0]);
	for (size_t i = 1; i < 6; i++)
		text_addf(text, ",0x%" PRIx64, args[i]);
}

static void format_bytes(struct text *text, const char *key, const struct clone_args_read *read)
{
	if (read->length)
		text_addf(text, " %s=", key);
	for (size_t i = 0; i < read->length; i++)
		text_addf(text, "%02x", read->bytes[i]);
}

static void format_set_tid(struct text *text, const char *key, const struct clone_args_read *read)
{
	for (size_t i = 0; i < read->set_tid_count; i++)
		text_addf(text, i ? "%s%" PRId32 : " %s=%" PRId32, i ? "," : key, read->set_tid[i]);
}

static void format_nspids(struct text *text, const char *key, const struct nspids *nspids)
{
	for (unsigned i = 0; nspids->count > 1 && i < nspids->count; i++)
		text_addf(text, i ? "%s%d" : " %s=%d", i ? "," : key, (int)nspids->list[i]);
}

static void format_command(struct text *text, const char *key, const char *command)
{
	if (!command)
		return;
	text_addf(text, " %s=", key);
	text_add_escaped(text, command);
}

/* Of a line that was parsed the facts are its own. */
static const struct facts *facts_of(const struct stopline *line)
{
	return line->stop.facts ? line->stop.facts : &line->facts;
}

static void format_facts(struct text *text, const char *key, const struct facts *facts)
{
	for (size_t i = 0; i < facts->count; i++) {
		const struct fact *fact = &facts->list[i];

		text_addf(text, i ? "%s%s:" : " %s=%s:", i ? "," : key, fact_name(fact->what));
		text_addf(text, "%" PRIx64 ":%" PRIx64 ":%" PRIx64, fact->value, fact->use, fact->id);
	}
}

static void field_format(struct text *text, const struct field *field, const struct stopline *line)
{
	const void *from = (const char *)line + field->offset;

	switch (field->type) {
	case FIELD_DECIMAL:
		if (number_load(from, field->size))
			text_addf(text, " %s=%" PRId64, field->key, number_load(from, field->size));
		break;
	case FIELD_HEX:
		if (number_load(from, field->size))
			format_hex(text, field->key, number_load(from, field->size), field->size);
		break;
	case FIELD_STATUS:
		format_hex(text, field->key, number_load(from, field->size), field->size);
		break;
	case FIELD_WANT:
		if (number_load(from, field->size) & field->have)
			text_addf(text, " %s=1", field->key);
		break;
	case FIELD_MODE:
		text_addf(text, " %s=%s", field->key, mode_names[number_load(from, field->size)]);
		break;
	case FIELD_HOW:
		text_addf(text, " %s=%s", field->key, how_names[number_load(from, field->size)]);
		break;
	case FIELD_LETTER:
		if (*(const char *)from)
			text_addf(text, " %s=%c", field->key, *(const char *)from);
		break;
	case FIELD_ARGS:
		format_args(text, field->key, from);
		break;
	case FIELD_BYTES:
		format_bytes(text, field->key, from);
		break;
	case FIELD_SET_TID:
		format_set_tid(text, field->key, from);
		break;
	case FIELD_NSPIDS:
		format_nspids(text, field->key, from);
		break;
	case FIELD_FACTS:
		format_facts(text, field->key, facts_of(line));
		break;
	case FIELD_CGROUP:
		format_command(text, field->key, facts_of(line)->cgroup);
		break;
	case FIELD_COMMAND:
		format_command(text, field->key, *(const char *const *)from);
		break;
	case FIELD_LINE:
		text_addf(text, " %s=%s", field->key, *(const char *const *)from);
		break;
	}
}

void stopline_format(struct text *text, const struct stopline *line)
{
	text_add(text, words[line->kind]);
	for (size_t i = 0; i < ARRAY_LENGTH(fields); i++)
		if (field_is_of(&fields[i], line))
			field_format(text, &fields[i], line);
	text_add(text, "\n");
}

/* Parsing */

/* Parses one number at *AT, and moves *AT behind it. */
static int parse_number(const char **at, int base, uint64_t *ret)
{
	char *end;

	if (!strchr("-0123456789abcdefABCDEF", **at) || !**at)
		return -EINVAL;
	*ret = base == 10 ? (uint64_t)strtoll(*at, &end, 10) : strtoull(*at, &end, base);
	if (end == *at)
		return -EINVAL;
	*at = end;
	return 0;
}

static int parse_integer(const char *value, int base, void *to, size_t size)
{
	uint64_t number;
	uint32_t word;
	bool flag;

	if (parse_number(&value, base, &number) < 0 || *value)
		return -EINVAL;
	word = (uint32_t)number;
	flag = number;
	memcpy(to, size == sizeof(flag) ? (void *)&flag : size == sizeof(word) ? (void *)&word : (void *)&number, size);
	return 0;
}

static int parse_name(const char *value, const char *const *names, void *to, size_t size)
{
	for (unsigned i = 0; names[i]; i++) {
		if (strcmp(value, names[i]) != 0)
			continue;
		memcpy(to, &i, size);
		return 0;
	}
	return -EINVAL;
}

/* Up to MAX numbers with commas; their count, or -EINVAL. */
static int parse_list(const char *value, int base, uint64_t *ret, int max)
{
	for (int count = 0; count < max; value++) {
		if (parse_number(&value, base, &ret[count++]) < 0)
			return -EINVAL;
		if (!*value)
			return count;
		if (*value != ',')
			return -EINVAL;
	}
	return -EINVAL;
}

static int parse_args(const char *value, uint64_t args[6])
{
	uint64_t list[6];

	if (parse_list(value, 16, list, 6) != 6)
		return -EINVAL;
	memcpy(args, list, sizeof(list));
	return 0;
}

static int parse_set_tid(const char *value, struct clone_args_read *read)
{
	uint64_t list[CLONE_SET_TID_MAX];
	int count = parse_list(value, 10, list, CLONE_SET_TID_MAX);

	if (count < 0)
		return count;
	for (int i = 0; i < count; i++)
		read->set_tid[i] = (int32_t)list[i];
	read->set_tid_count = (size_t)count;
	return 0;
}

static int parse_nspids(const char *value, struct nspids *nspids)
{
	uint64_t list[EVENT_NSPIDS_MAX];
	int count = parse_list(value, 10, list, EVENT_NSPIDS_MAX);

	if (count < 0)
		return count;
	for (int i = 0; i < count; i++)
		nspids->list[i] = (pid_t)list[i];
	nspids->count = (unsigned)count;
	return 0;
}

static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *found = c ? strchr(digits, c) : NULL;

	return found ? (int)(found - digits) : -1;
}

static int parse_bytes(const char *value, struct clone_args_read *read)
{
	size_t length = strlen(value) / 2;

	if (strlen(value) % 2 || length > sizeof(read->bytes))
		return -EINVAL;
	for (size_t i = 0; i < length; i++) {
		int high = hex_digit(value[2 * i]), low = hex_digit(value[2 * i + 1]);

		if (high < 0 || low < 0)
			return -EINVAL;
		read->bytes[i] = (uint8_t)(high << 4 | low);
	}
	read->length = length;
	return 0;
}

static int parse_fact(char *value, struct facts *facts)
{
	struct fact fact = { FACT_COUNT, 0, 0, 0 };
	uint64_t *const numbers[] = { &fact.value, &fact.use, &fact.id };
	const char *name = strsep(&value, ":"), *at = value;

	for (unsigned what = 0; what < FACT_COUNT; what++)
		if (!strcmp(name, fact_name((enum fact_what)what)))
			fact.what = (enum fact_what)what;
	for (size_t i = 0; i < ARRAY_LENGTH(numbers); i++)
		if (!at || parse_number(&at, 16, numbers[i]) < 0 || *at++ != (i < 2 ? ':' : '\0'))
			return -EINVAL;
	if (fact.what != FACT_COUNT) /* else of a newer version */
		facts_add(facts, &fact);
	return 0;
}

static int parse_facts(char *value, struct facts *facts)
{
	while (value)
		if (parse_fact(strsep(&value, ","), facts) < 0)
			return -EINVAL;
	return 0;
}

/* Takes back text_add_escaped(), in place. */
static int parse_command(char *value, const char **ret)
{
	const char *from = value;
	char *to = value;

	*ret = value;
	while (*from) {
		if (*from != '\\') {
			*to++ = *from++;
			continue;
		}
		from++;
		if (*from == 'n' || *from == 't' || *from == '\\') {
			*to++ = *from == 'n' ? '\n' : *from == 't' ? '\t' : '\\';
			from++;
		} else if (from[0] >= '0' && from[0] <= '3' && from[1] >= '0' && from[1] <= '7' && from[2] >= '0' &&
			   from[2] <= '7') {
			*to++ = (char)((from[0] - '0') << 6 | (from[1] - '0') << 3 | (from[2] - '0'));
			from += 3;
		} else {
			return -EINVAL;
		}
	}
	*to = '\0';
	return 0;
}

static int parse_want(char *value, unsigned want, unsigned *wants)
{
	uint8_t given;
	int r = parse_integer(value, 10, &given, sizeof(given));

	if (!r)
		*wants |= given ? want : 0;
	return r;
}

static int field_parse(char *value, const struct field *field, struct stopline *line)
{
	void *to = (char *)line + field->offset;

	switch (field->type) {
	case FIELD_DECIMAL:
		return parse_integer(value, 10, to, field->size);
	case FIELD_HEX:
	case FIELD_STATUS:
		return parse_integer(value, 16, to, field->size);
	case FIELD_WANT:
		return parse_want(value, field->have, to);
	case FIELD_MODE:
		return parse_name(value, mode_names, to, field->size);
	case FIELD_HOW:
		return parse_name(value, how_names, to, field->size);
	case FIELD_LETTER:
		memcpy(to, value, 1);
		return 0;
	case FIELD_ARGS:
		return parse_args(value, to);
	case FIELD_BYTES:
		return parse_bytes(value, to);
	case FIELD_SET_TID:
		return parse_set_tid(value, to);
	case FIELD_NSPIDS:
		return parse_nspids(value, to);
	case FIELD_FACTS:
		return parse_facts(value, to);
	case FIELD_CGROUP:
	case FIELD_COMMAND:
		return parse_command(value, to);
	case FIELD_LINE:
		memcpy(to, &value, sizeof(value));
		return 0;
	}
	return -EINVAL;
}

/* The field of a line of KIND that is called KEY; NULL: it is of a newer version. */
static const struct field *field_find(const char *key, enum stopline_kind kind)
{
	for (size_t i = 0; i < ARRAY_LENGTH(fields); i++)
		if (fields[i].kinds & 1u << kind && strcmp(fields[i].key, key) == 0)
			return &fields[i];
	return NULL;
}

static bool goes_to_the_end(const struct field *field)
{
	return field->type == FIELD_COMMAND || field->type == FIELD_CGROUP || field->type == FIELD_LINE;
}

static int kind_parse(const char *word, enum stopline_kind *ret)
{
	for (unsigned i = 0; i < STOPLINE_KIND_COUNT; i++) {
		if (strcmp(word, words[i]) != 0)
			continue;
		*ret = (enum stopline_kind)i;
		return 0;
	}
	return -EINVAL;
}

int stopline_parse(char *text, struct stopline *ret)
{
	struct stopline line;
	char *rest = text;

	text[strcspn(text, "\n")] = '\0';
	memset(&line, 0, sizeof(line));
	if (kind_parse(strsep(&rest, " "), &line.kind) < 0)
		return -EINVAL;
	while (rest && *rest) {
		char *key = strsep(&rest, "="), *value = rest;
		const struct field *field = field_find(key, line.kind);

		if (!value || strchr(key, ' '))
			return -EINVAL;
		if (field && goes_to_the_end(field))
			rest = NULL;
		else
			value = strsep(&rest, " ");
		if (field && field_is_of(field, &line) && field_parse(value, field, &line) < 0)
			return -EINVAL;
	}
	*ret = line;
	return 0;
}

/* Playing */

void stopline_feed(struct stopline *line, struct follow *follow)
{
	switch (line->kind) {
	case STOPLINE_BEGIN:
		follow_begin(follow, line->begin.launched, line->begin.audit_arch, line->when, line->begin.realtime);
		break;
	case STOPLINE_ATTACH:
		follow_attach(follow, &line->attach, line->when);
		break;
	case STOPLINE_MODE:
		follow_set_mode(follow, line->mode.mode, line->mode.error, line->when);
		break;
	case STOPLINE_STOP:
		follow_stop(follow, &line->stop);
		break;
	case STOPLINE_IDLE:
		follow_idle(follow, line->when);
		break;
	case STOPLINE_LOOK:
		follow_look(follow, line->when);
		break;
	case STOPLINE_LEAVE:
		follow_leave(follow, line->when);
		break;
	case STOPLINE_DETACH:
		follow_detach(follow, line->when);
		break;
	case STOPLINE_END:
		follow_end(follow, line->end.status, line->when);
		break;
	case STOPLINE_GATHER:
	case STOPLINE_ORDER:
	case STOPLINE_EVENT:
	case STOPLINE_KIND_COUNT:
		break;
	}
}

void stopline_answer(const struct stopline *line, struct stop *stop)
{
	const struct stop *from = &line->stop;

	stop->have |= from->have;
	if (from->have & STOP_MESSAGE)
		stop->message = from->message;
	if (from->have & STOP_CALL) {
		stop->call = from->call;
		stop->clone_args = from->clone_args;
	}
	if (from->have & STOP_RESULT)
		stop->result = from->result;
	if (from->have & STOP_IDS)
		stop->ids = from->ids;
	if (from->have & STOP_COMMAND) {
		stop->command = from->command;
		stop->command_cut = from->command_cut;
		stop->set_id = from->set_id;
	}
	if (from->have & STOP_PID_NS)
		stop->other_pid_ns = from->other_pid_ns;
	if (from->have & STOP_SIGINFO)
		stop->siginfo = from->siginfo;
	if (from->have & STOP_ACTION)
		stop->action = from->action;
	if (from->have & STOP_USER)
		stop->user = from->user;
	if (from->have & STOP_FACTS)
		stop->facts = &line->facts;
	if (from->have & STOP_NAME)
		stop->name = from->name;
	if (from->have & (STOP_ANSWERS | STOP_ENTERED))
		stop->answers = from->answers;
	if (from->have & STOP_MEMORY)
		stop->memory = from->memory;
	if (from->have & STOP_LIFE)
		stop->life = from->life;
	if (from->have & STOP_FATAL)
		stop->fatal = from->fatal;
	if (from->have & STOP_LEFT)
		stop->left = from->left;
	if (from->have & STOP_UNREAPED)
		stop->unreaped = from->unreaped;
	if (from->have & STOP_WORKERS)
		stop->workers = from->workers;
	if (from->have & STOP_FILTERS)
		stop->filters = from->filters;
	if (from->have & STOP_TRACEABLE)
		stop->traceable = from->traceable;
	stop->unreadable |= from->unreadable;
}
