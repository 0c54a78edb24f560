/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of fields of the lines of --debug-stops, and their words. */
#include "follow/stopline_fields.h"

#include "base/array.h"
#include "event/want.h"

#define FIELD(kinds, have, key, type, member)                                      \
	{                                                                          \
		(kinds), (have), (key), (type), offsetof(struct stopline, member), \
			sizeof(((struct stopline *)NULL)->member)                  \
	}
#define BIT(kind) (1u << STOPLINE_##kind)

const struct stopline_field stopline_fields[] = {
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

const size_t stopline_field_count = ARRAY_LENGTH(stopline_fields);

const char *stopline_word(enum stopline_kind kind)
{
	static const char *const words[STOPLINE_KIND_COUNT] = {
		[STOPLINE_BEGIN] = "begin",   [STOPLINE_ATTACH] = "attach", [STOPLINE_MODE] = "mode",
		[STOPLINE_STOP] = "stop",     [STOPLINE_IDLE] = "idle",	    [STOPLINE_LOOK] = "look",
		[STOPLINE_DETACH] = "detach", [STOPLINE_LEAVE] = "leave",   [STOPLINE_END] = "end",
		[STOPLINE_GATHER] = "gather", [STOPLINE_ORDER] = "order",   [STOPLINE_EVENT] = "event",
	};

	return words[kind];
}

const char *stopline_how(unsigned how)
{
	static const char *const how_names[] = {
		[ORDER_CONT] = "cont",	   [ORDER_SYSCALL] = "syscall",	     [ORDER_LISTEN] = "listen",
		[ORDER_DETACH] = "detach", [ORDER_FAULT_UNTRACED] = "aside",
	};

	return how < ARRAY_LENGTH(how_names) ? how_names[how] : NULL;
}

bool stopline_has(const struct stopline *line, const struct stopline_field *field)
{
	if (!(field->kinds & 1u << line->kind))
		return false;
	return line->kind != STOPLINE_GATHER || !field->have || field->have & line->stop.have;
}
