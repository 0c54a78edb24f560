/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of fields, and what writing and reading have in common. */
#include "event/fields.h"

#include <string.h>

#include "event/codec.h"

#define ALL (~0u)
#define EVENT(kind) (1u << EVENT_##kind)
#define VERIFIED (EVENT(VERIFY) | EVENT(DIFFERENCE))
#define NAMED (EVENT(BEGIN) | EVENT(ATTACH) | EVENT(SPAWN) | EVENT(CALL) | EVENT(EXEC))
#define CREATIONS (1u << CALL_CLONE | 1u << CALL_CLONE3 | 1u << CALL_FORK | 1u << CALL_VFORK)
#define KEY(key) key, ",\"" key "\":", sizeof(",\"" key "\":") - 1

static const struct field event_rows[] = {
	{ KEY("seq"), ALL, 0, FIELD_COUNT, offsetof(struct event, seq) },
	{ KEY("when"), ALL, 0, FIELD_COUNT, offsetof(struct event, when) },
	{ KEY("kind"), ALL, 0, FIELD_KIND, offsetof(struct event, kind) },
	{ KEY("tid"), ALL, 0, FIELD_PID, offsetof(struct event, tid) },

	{ KEY("format"), EVENT(BEGIN), 0, FIELD_FORMAT, 0 },
	{ KEY("cltrace"), EVENT(BEGIN), EVENT_HAVE_HOST, FIELD_STRING, offsetof(struct event, begin.version) },
	{ KEY("release"), EVENT(BEGIN), EVENT_HAVE_HOST, FIELD_STRING, offsetof(struct event, begin.release) },
	{ KEY("clock"), EVENT(BEGIN), 0, FIELD_CLOCK, 0 },
	{ KEY("realtime"), EVENT(BEGIN), 0, FIELD_COUNT, offsetof(struct event, begin.realtime) },
	{ KEY("mode"), EVENT(BEGIN), 0, FIELD_MODE, offsetof(struct event, begin.mode) },
	{ KEY("launched"), EVENT(BEGIN), 0, FIELD_BOOL, offsetof(struct event, begin.launched) },
	{ KEY("audit_arch"), EVENT(BEGIN), 0, FIELD_UINT, offsetof(struct event, begin.audit_arch) },
	{ KEY("arch"), EVENT(BEGIN), 0, FIELD_ARCH, 0 },

	{ KEY("tgid"), EVENT(ATTACH), 0, FIELD_PID, offsetof(struct event, attach.tgid) },
	{ KEY("ppid"), EVENT(ATTACH), EVENT_HAVE_PPID, FIELD_PID, offsetof(struct event, attach.ppid) },
	{ KEY("nspid"), EVENT(ATTACH), EVENT_HAVE_NSPID, FIELD_PID, offsetof(struct event, attach.nspid) },
	{ KEY("nspids"), EVENT(ATTACH), EVENT_HAVE_NSPIDS, FIELD_NSPIDS, offsetof(struct event, attach.nspids) },
	{ KEY("creator"), EVENT(ATTACH), 0, FIELD_PID, offsetof(struct event, attach.creator) },
	{ KEY("inferred"), EVENT(ATTACH), EVENT_HAVE_INFERRED, FIELD_BITS, offsetof(struct event, attach.inferred) },
	{ KEY("inferred_names"), EVENT(ATTACH), EVENT_HAVE_INFERRED, FIELD_INFERRED_NAMES, 0 },
	{ KEY("nlwp"), EVENT(ATTACH), 0, FIELD_UINT, offsetof(struct event, attach.nlwp) },
	{ KEY("launched"), EVENT(ATTACH), 0, FIELD_BOOL, offsetof(struct event, attach.launched) },
	{ KEY("zombie"), EVENT(ATTACH), 0, FIELD_BOOL, offsetof(struct event, attach.zombie) },
	{ KEY("uid"), EVENT(ATTACH), EVENT_HAVE_UID, FIELD_UINT, offsetof(struct event, attach.uid) },
	{ KEY("command"), EVENT(ATTACH), EVENT_HAVE_COMMAND, FIELD_BYTES, offsetof(struct event, attach.command) },
	{ KEY("command_cut"), EVENT(ATTACH), EVENT_HAVE_COMMAND_CUT, FIELD_BOOL,
	  offsetof(struct event, attach.command_cut) },
	{ KEY("argv"), EVENT(ATTACH), EVENT_HAVE_ARGV, FIELD_ARGV, offsetof(struct event, attach.argv) },
	{ KEY("argv_cut"), EVENT(ATTACH), EVENT_HAVE_ARGV_CUT, FIELD_BOOL, offsetof(struct event, attach.argv.cut) },

	{ KEY("state"), EVENT(LOOK), EVENT_HAVE_LOOK, FIELD_STRING, offsetof(struct event, look.state) },
	{ KEY("name"), EVENT(LOOK), EVENT_HAVE_LOOK, FIELD_STRING, offsetof(struct event, look.name) },
	{ KEY("cpus"), EVENT(LOOK), EVENT_HAVE_LOOK, FIELD_STRING, offsetof(struct event, look.cpus) },
	{ KEY("kernel"), EVENT(LOOK), EVENT_HAVE_LOOK, FIELD_BOOL, offsetof(struct event, look.kernel) },
	{ KEY("worker"), EVENT(LOOK), EVENT_HAVE_LOOK, FIELD_BOOL, offsetof(struct event, look.worker) },
	{ KEY("refused"), EVENT(LOOK), EVENT_HAVE_LOOK, FIELD_BOOL, offsetof(struct event, look.refused) },
	{ KEY("start"), EVENT(LOOK), EVENT_HAVE_LOOK, FIELD_COUNT, offsetof(struct event, look.start) },
	{ KEY("nice"), EVENT(LOOK), EVENT_HAVE_LOOK, FIELD_INT, offsetof(struct event, look.nice) },
	{ KEY("policy"), EVENT(LOOK), EVENT_HAVE_LOOK, FIELD_INT, offsetof(struct event, look.policy) },
	{ KEY("priority"), EVENT(LOOK), EVENT_HAVE_LOOK, FIELD_INT, offsetof(struct event, look.priority) },
	{ KEY("capabilities"), EVENT(LOOK), EVENT_HAVE_LOOK, FIELD_BITS, offsetof(struct event, look.capabilities) },
#define LOOK_NS(NAME, KEY_OF_FILE, ...)                                      \
	{ KEY(KEY_OF_FILE "_ns"), EVENT(LOOK), EVENT_HAVE_LOOK, FIELD_COUNT, \
	  offsetof(struct event, look.ns[NAMESPACE_##NAME]) },
	NAMESPACES(LOOK_NS)
#undef LOOK_NS
		{ KEY("memory"), EVENT(LOOK), EVENT_HAVE_LOOK, FIELD_INT, offsetof(struct event, look.objects[0]) },
	{ KEY("files"), EVENT(LOOK), EVENT_HAVE_LOOK, FIELD_INT, offsetof(struct event, look.objects[1]) },
	{ KEY("fs"), EVENT(LOOK), EVENT_HAVE_LOOK, FIELD_INT, offsetof(struct event, look.objects[2]) },
	{ KEY("sighand"), EVENT(LOOK), EVENT_HAVE_LOOK, FIELD_INT, offsetof(struct event, look.objects[3]) },
	{ KEY("sysvsem"), EVENT(LOOK), EVENT_HAVE_LOOK, FIELD_INT, offsetof(struct event, look.objects[4]) },
	{ KEY("io"), EVENT(LOOK), EVENT_HAVE_LOOK, FIELD_INT, offsetof(struct event, look.objects[5]) },
	{ KEY("asked"), EVENT(LOOK), EVENT_HAVE_LOOK, FIELD_UINT, offsetof(struct event, look.asked) },

	/* The creator is the event's own tid: the key says that it is known. */
	{ KEY("creator"), EVENT(SPAWN), EVENT_HAVE_CREATOR, FIELD_PID, offsetof(struct event, tid) },
	{ KEY("creator_tgid"), EVENT(SPAWN), 0, FIELD_PID, offsetof(struct event, spawn.creator_tgid) },
	{ KEY("child"), EVENT(SPAWN), 0, FIELD_PID, offsetof(struct event, spawn.child) },
	{ KEY("child_tgid"), EVENT(SPAWN), 0, FIELD_PID, offsetof(struct event, spawn.child_tgid) },
	{ KEY("ppid"), EVENT(SPAWN), EVENT_HAVE_PPID, FIELD_PID, offsetof(struct event, spawn.ppid) },
	{ KEY("nspid"), EVENT(SPAWN), EVENT_HAVE_NSPID, FIELD_PID, offsetof(struct event, spawn.nspid) },
	{ KEY("nspids"), EVENT(SPAWN), EVENT_HAVE_NSPIDS, FIELD_NSPIDS, offsetof(struct event, spawn.nspids) },
	{ KEY("returned"), EVENT(SPAWN), EVENT_HAVE_RETURNED, FIELD_PID, offsetof(struct event, spawn.returned) },
	{ KEY("request"), EVENT(SPAWN), EVENT_HAVE_REQUEST, FIELD_REQUEST, offsetof(struct event, attempt.request) },
	{ KEY("verdict"), EVENT(SPAWN), 0, FIELD_VERDICT, 0 },
	{ KEY("reasons"), EVENT(SPAWN), EVENT_HAVE_REQUEST, FIELD_REASONS, 0 },
	{ KEY("looks_like"), EVENT(SPAWN), EVENT_HAVE_REQUEST, FIELD_LOOKS_LIKE, 0 },
	{ KEY("duration"), EVENT(SPAWN), EVENT_HAVE_DURATION, FIELD_COUNT, offsetof(struct event, attempt.duration) },
	{ KEY("page_tables"), EVENT(SPAWN), EVENT_HAVE_MEMORY, FIELD_COUNT, offsetof(struct event, spawn.page_tables) },
	{ KEY("resident"), EVENT(SPAWN), EVENT_HAVE_MEMORY, FIELD_COUNT, offsetof(struct event, spawn.resident) },
	{ KEY("child_page_tables"), EVENT(SPAWN), EVENT_HAVE_MEMORY, FIELD_COUNT,
	  offsetof(struct event, spawn.child_page_tables) },
	{ KEY("stack"), EVENT(SPAWN), EVENT_HAVE_STACK, FIELD_STACK, offsetof(struct event, attempt.stack) },
	{ KEY("stack_end"), EVENT(SPAWN), EVENT_HAVE_STACK, FIELD_STACK_END,
	  offsetof(struct event, attempt.stack.end) },
	{ KEY("by"), EVENT(SPAWN), EVENT_HAVE_STACK, FIELD_BY, offsetof(struct event, attempt.stack) },
	{ KEY("origin"), EVENT(SPAWN), EVENT_HAVE_STACK, FIELD_ORIGIN, offsetof(struct event, attempt.stack) },
	{ KEY("pthread"), EVENT(SPAWN), EVENT_HAVE_PTHREAD, FIELD_BITS, offsetof(struct event, spawn.pthread) },
	{ KEY("start"), EVENT(SPAWN), EVENT_HAVE_START, FIELD_FRAME, offsetof(struct event, spawn.start) },
	{ KEY("argument"), EVENT(SPAWN), EVENT_HAVE_ARGUMENT, FIELD_BITS, offsetof(struct event, spawn.argument) },
	{ KEY("new_stack"), EVENT(SPAWN), EVENT_HAVE_NEW_STACK, FIELD_BITS, offsetof(struct event, spawn.new_stack) },
	{ KEY("new_stack_size"), EVENT(SPAWN), EVENT_HAVE_NEW_STACK, FIELD_COUNT,
	  offsetof(struct event, spawn.new_stack_size) },
	{ KEY("new_stack_guard"), EVENT(SPAWN), EVENT_HAVE_NEW_STACK, FIELD_COUNT,
	  offsetof(struct event, spawn.new_stack_guard) },
	{ KEY("stack_mapping"), EVENT(SPAWN), EVENT_HAVE_STACK_MAPPING, FIELD_BITS,
	  offsetof(struct event, spawn.stack_mapping) },
	{ KEY("stack_mapping_size"), EVENT(SPAWN), EVENT_HAVE_STACK_MAPPING, FIELD_COUNT,
	  offsetof(struct event, spawn.stack_mapping_size) },
	{ KEY("stack_mapping_guard"), EVENT(SPAWN), EVENT_HAVE_STACK_MAPPING, FIELD_COUNT,
	  offsetof(struct event, spawn.stack_mapping_guard) },

	{ KEY("pidfd"), EVENT(SPAWN), EVENT_HAVE_PIDFD, FIELD_INT, offsetof(struct event, spawn.pidfd) },
	{ KEY("pidfd_is"), EVENT(SPAWN), EVENT_HAVE_PIDFD, FIELD_BYTES, offsetof(struct event, spawn.pidfd_is) },
	{ KEY("refers"), EVENT(SPAWN), EVENT_HAVE_REFERS, FIELD_BYTES, offsetof(struct event, attempt.refers) },

	{ KEY("request"), EVENT(REFUSED), 0, FIELD_REQUEST, offsetof(struct event, attempt.request) },
	{ KEY("error"), EVENT(REFUSED), 0, FIELD_INT, offsetof(struct event, refused.error) },
	{ KEY("error_name"), EVENT(REFUSED), 0, FIELD_ERROR_NAME, 0 },
	{ KEY("duration"), EVENT(REFUSED), EVENT_HAVE_DURATION, FIELD_COUNT, offsetof(struct event, attempt.duration) },
	{ KEY("why"), EVENT(REFUSED), 0, FIELD_WHY, 0 },
	{ KEY("facts"), EVENT(REFUSED), EVENT_HAVE_FACTS, FIELD_FACTS, offsetof(struct event, attempt.facts) },
	{ KEY("stack"), EVENT(REFUSED), EVENT_HAVE_STACK, FIELD_STACK, offsetof(struct event, attempt.stack) },
	{ KEY("stack_end"), EVENT(REFUSED), EVENT_HAVE_STACK, FIELD_STACK_END,
	  offsetof(struct event, attempt.stack.end) },
	{ KEY("by"), EVENT(REFUSED), EVENT_HAVE_STACK, FIELD_BY, offsetof(struct event, attempt.stack) },
	{ KEY("origin"), EVENT(REFUSED), EVENT_HAVE_STACK, FIELD_ORIGIN, offsetof(struct event, attempt.stack) },
	{ KEY("refers"), EVENT(REFUSED), EVENT_HAVE_REFERS, FIELD_BYTES, offsetof(struct event, attempt.refers) },

	{ KEY("child"), EVENT(VFORK_DONE), 0, FIELD_PID, offsetof(struct event, vfork_done.child) },
	{ KEY("waited"), EVENT(VFORK_DONE), 0, FIELD_COUNT, offsetof(struct event, vfork_done.waited) },

	{ KEY("request"), EVENT(CALL), 0, FIELD_REQUEST, offsetof(struct event, attempt.request) },
	{ KEY("result"), EVENT(CALL), 0, FIELD_SIGNED, offsetof(struct event, call.result) },
	{ KEY("error_name"), EVENT(CALL), 0, FIELD_ERROR_NAME, 0 },
	{ KEY("duration"), EVENT(CALL), EVENT_HAVE_DURATION, FIELD_COUNT, offsetof(struct event, attempt.duration) },
	{ KEY("why"), EVENT(CALL), 0, FIELD_WHY, 0 },
	{ KEY("facts"), EVENT(CALL), EVENT_HAVE_FACTS, FIELD_FACTS, offsetof(struct event, attempt.facts) },
	{ KEY("refers"), EVENT(CALL), EVENT_HAVE_REFERS, FIELD_BYTES, offsetof(struct event, attempt.refers) },
	{ KEY("file"), EVENT(CALL), EVENT_HAVE_FILE, FIELD_BYTES, offsetof(struct event, call.file) },

	{ KEY("former"), EVENT(EXEC), 0, FIELD_PID, offsetof(struct event, exec.former) },
	{ KEY("uid"), EVENT(EXEC), EVENT_HAVE_UID, FIELD_UINT, offsetof(struct event, exec.uid) },
	{ KEY("command"), EVENT(EXEC), EVENT_HAVE_COMMAND, FIELD_BYTES, offsetof(struct event, exec.command) },
	{ KEY("command_cut"), EVENT(EXEC), EVENT_HAVE_COMMAND_CUT, FIELD_BOOL,
	  offsetof(struct event, exec.command_cut) },
	{ KEY("argv"), EVENT(EXEC), EVENT_HAVE_ARGV, FIELD_ARGV, offsetof(struct event, exec.argv) },
	{ KEY("argv_cut"), EVENT(EXEC), EVENT_HAVE_ARGV_CUT, FIELD_BOOL, offsetof(struct event, exec.argv.cut) },
	{ KEY("script"), EVENT(EXEC), EVENT_HAVE_SCRIPT, FIELD_BYTES, offsetof(struct event, exec.script) },
	{ KEY("exe"), EVENT(EXEC), EVENT_HAVE_EXE, FIELD_BYTES, offsetof(struct event, exec.exe) },
	{ KEY("loader"), EVENT(EXEC), EVENT_HAVE_LOADER, FIELD_BYTES, offsetof(struct event, exec.loader) },
	{ KEY("cwd"), EVENT(EXEC), EVENT_HAVE_CWD, FIELD_BYTES, offsetof(struct event, exec.cwd) },

	{ KEY("name"), EVENT(NAME), EVENT_HAVE_NAME, FIELD_BYTES, offsetof(struct event, name.name) },

	{ KEY("signo"), EVENT(SIGNAL) | EVENT(GROUP_STOP) | EVENT(GROUP_CONT), 0, FIELD_INT,
	  offsetof(struct event, signal.signo) },
	{ KEY("signal_name"), EVENT(SIGNAL) | EVENT(GROUP_STOP) | EVENT(GROUP_CONT), 0, FIELD_SIGNAL_NAME, 0 },
	{ KEY("code"), EVENT(SIGNAL), EVENT_HAVE_SIGINFO, FIELD_INT, offsetof(struct event, signal.code) },
	{ KEY("code_name"), EVENT(SIGNAL), EVENT_HAVE_SIGINFO, FIELD_CODE_NAME, 0 },
	{ KEY("sender"), EVENT(SIGNAL), EVENT_HAVE_SIGINFO, FIELD_INT, offsetof(struct event, signal.sender) },
	{ KEY("inside"), EVENT(SIGNAL), EVENT_HAVE_SIGINFO, FIELD_BOOL, offsetof(struct event, signal.inside) },
	{ KEY("value"), EVENT(SIGNAL), EVENT_HAVE_SIGINFO, FIELD_BITS, offsetof(struct event, signal.value) },
	{ KEY("error"), EVENT(SIGNAL), EVENT_HAVE_SIGINFO, FIELD_INT, offsetof(struct event, signal.error) },
	{ KEY("error_name"), EVENT(SIGNAL), EVENT_HAVE_SIGINFO, FIELD_ERROR_NAME, 0 },
	{ KEY("caught"), EVENT(SIGNAL), EVENT_HAVE_ACTION, FIELD_BOOL, offsetof(struct event, signal.caught) },
	{ KEY("ignored"), EVENT(SIGNAL), EVENT_HAVE_ACTION, FIELD_BOOL, offsetof(struct event, signal.ignored) },

	{ KEY("status"), EVENT(LEADER_EXIT) | EVENT(GROUP_EXIT) | EVENT(EXIT), 0, FIELD_INT,
	  offsetof(struct event, exit.status) },
	{ KEY("tasks"), EVENT(GROUP_EXIT), 0, FIELD_UINT, offsetof(struct event, exit.tasks) },
	{ KEY("exit_code"), EVENT(LEADER_EXIT) | EVENT(GROUP_EXIT) | EVENT(EXIT), 0, FIELD_EXIT_CODE, 0 },
	{ KEY("signal"), EVENT(LEADER_EXIT) | EVENT(EXIT), 0, FIELD_DEATH_SIGNAL, 0 },
	{ KEY("signal_name"), EVENT(LEADER_EXIT) | EVENT(EXIT), 0, FIELD_DEATH_SIGNAL_NAME, 0 },
	{ KEY("core"), EVENT(LEADER_EXIT) | EVENT(EXIT), 0, FIELD_CORE, 0 },
	{ KEY("with_group"), EVENT(LEADER_EXIT) | EVENT(EXIT), EVENT_HAVE_LEADER, FIELD_BOOL,
	  offsetof(struct event, exit.with_group) },
	{ KEY("replaced"), EVENT(EXIT), EVENT_HAVE_REPLACED, FIELD_BOOL, offsetof(struct event, exit.replaced) },
	{ KEY("sigchld_ignored"), EVENT(EXIT), EVENT_HAVE_IGNORED, FIELD_BOOL,
	  offsetof(struct event, exit.sigchld_ignored) },
	{ KEY("forbidden_by"), EVENT(EXIT), EVENT_HAVE_FORBIDDEN, FIELD_INT,
	  offsetof(struct event, exit.forbidden_by) },
	{ KEY("call"), EVENT(EXIT), EVENT_HAVE_FORBIDDEN, FIELD_STRING, offsetof(struct event, exit.call) },
	{ KEY("call_nr"), EVENT(EXIT), EVENT_HAVE_FORBIDDEN, FIELD_COUNT, offsetof(struct event, exit.nr) },
	{ KEY("call_audit_arch"), EVENT(EXIT), EVENT_HAVE_FORBIDDEN, FIELD_UINT,
	  offsetof(struct event, exit.audit_arch) },

	{ KEY("from"), EVENT(REPARENT), 0, FIELD_PID, offsetof(struct event, reparent.from) },
	{ KEY("to"), EVENT(REPARENT), 0, FIELD_PID, offsetof(struct event, reparent.to) },

	{ KEY("other"), VERIFIED, 0, FIELD_PID, offsetof(struct event, verify.other) },
	{ KEY("descriptor"), VERIFIED, EVENT_HAVE_ENTERED, FIELD_INT, offsetof(struct event, verify.descriptor) },
	{ KEY("said_shared"), VERIFIED, 0, FIELD_BITS, offsetof(struct event, verify.said.shared) },
	{ KEY("said_shared_names"), VERIFIED, 0, FIELD_CHECK_NAMES, offsetof(struct event, verify.said.shared) },
	{ KEY("said_apart"), VERIFIED, 0, FIELD_BITS, offsetof(struct event, verify.said.apart) },
	{ KEY("said_apart_names"), VERIFIED, 0, FIELD_CHECK_NAMES, offsetof(struct event, verify.said.apart) },
	{ KEY("shared"), VERIFIED, 0, FIELD_BITS, offsetof(struct event, verify.answers.shared) },
	{ KEY("shared_names"), VERIFIED, 0, FIELD_CHECK_NAMES, offsetof(struct event, verify.answers.shared) },
	{ KEY("apart"), VERIFIED, 0, FIELD_BITS, offsetof(struct event, verify.answers.apart) },
	{ KEY("apart_names"), VERIFIED, 0, FIELD_CHECK_NAMES, offsetof(struct event, verify.answers.apart) },
	{ KEY("neither"), VERIFIED, 0, FIELD_BITS, offsetof(struct event, verify.answers.neither) },
	{ KEY("neither_names"), VERIFIED, 0, FIELD_CHECK_NAMES, offsetof(struct event, verify.answers.neither) },
	{ KEY("not_asked"), VERIFIED, 0, FIELD_BITS, offsetof(struct event, verify.answers.refused) },
	{ KEY("not_asked_names"), VERIFIED, 0, FIELD_CHECK_NAMES, offsetof(struct event, verify.answers.refused) },
	{ KEY("error"), VERIFIED, 0, FIELD_INT, offsetof(struct event, verify.answers.error) },
	{ KEY("error_name"), VERIFIED, 0, FIELD_ERROR_NAME, 0 },
	{ KEY("cause"), EVENT(DIFFERENCE), 0, FIELD_UINT, offsetof(struct event, verify.cause) },
	{ KEY("cause_name"), EVENT(DIFFERENCE), 0, FIELD_CAUSE_NAME, 0 },

	{ KEY("note"), EVENT(NOTE), 0, FIELD_NOTE, offsetof(struct event, note.code) },
	{ KEY("number"), EVENT(NOTE), 0, FIELD_SIGNED, offsetof(struct event, note.number) },
	{ KEY("value"), EVENT(NOTE), 0, FIELD_SIGNED, offsetof(struct event, note.value) },
	{ KEY("error_name"), EVENT(NOTE), 0, FIELD_ERROR_NAME, 0 },
	{ KEY("signal_name"), EVENT(NOTE), 0, FIELD_SIGNAL_NAME, 0 },

	{ KEY("status"), EVENT(END), 0, FIELD_INT, offsetof(struct event, end.status) },
	{ KEY("exit_code"), EVENT(END), 0, FIELD_EXIT_CODE, 0 },
	{ KEY("signal"), EVENT(END), 0, FIELD_DEATH_SIGNAL, 0 },
	{ KEY("signal_name"), EVENT(END), 0, FIELD_DEATH_SIGNAL_NAME, 0 },
	{ KEY("core"), EVENT(END), 0, FIELD_CORE, 0 },

	{ KEY("namespaces"), NAMED, EVENT_HAVE_NS, FIELD_NAMESPACES, offsetof(struct event, ns) },
};

static const struct field request_rows[] = {
	{ KEY("call"), ALL, 0, FIELD_CALL, offsetof(struct request, call) },
	{ KEY("abi"), ALL, 0, FIELD_ABI, offsetof(struct request, abi) },
	{ KEY("flags"), ALL, REQUEST_FLAGS, FIELD_BITS, offsetof(struct request, flags) },
	{ KEY("flag_names"), ALL, REQUEST_FLAGS, FIELD_FLAG_NAMES, 0 },
	{ KEY("exit_signal"), CREATIONS, REQUEST_FLAGS, FIELD_BITS, offsetof(struct request, exit_signal) },
	{ KEY("exit_signal_name"), CREATIONS, REQUEST_FLAGS, FIELD_EXIT_SIGNAL_NAME, 0 },
	{ KEY("stack"), ALL, REQUEST_STACK, FIELD_BITS, offsetof(struct request, stack) },
	{ KEY("stack_size"), ALL, REQUEST_STACK_SIZE, FIELD_BITS, offsetof(struct request, stack_size) },
	{ KEY("parent_tid"), ALL, REQUEST_PARENT_TID, FIELD_BITS, offsetof(struct request, parent_tid) },
	{ KEY("child_tid"), ALL, REQUEST_CHILD_TID, FIELD_BITS, offsetof(struct request, child_tid) },
	{ KEY("tls"), ALL, REQUEST_TLS, FIELD_BITS, offsetof(struct request, tls) },
	{ KEY("pidfd"), ALL, REQUEST_PIDFD, FIELD_BITS, offsetof(struct request, pidfd) },
	{ KEY("set_tid"), ALL, REQUEST_SET_TID, FIELD_BITS, offsetof(struct request, set_tid) },
	{ KEY("set_tid_size"), ALL, REQUEST_SET_TID, FIELD_BITS, offsetof(struct request, set_tid_size) },
	{ KEY("set_tid_list"), ALL, REQUEST_SET_TID_LIST, FIELD_TIDS, offsetof(struct request, set_tid_list) },
	{ KEY("cgroup"), ALL, REQUEST_CGROUP, FIELD_BITS, offsetof(struct request, cgroup) },
	{ KEY("size"), ALL, REQUEST_SIZE, FIELD_BITS, offsetof(struct request, size) },
	{ KEY("newer"), ALL, REQUEST_NEWER, FIELD_NEWER, offsetof(struct request, newer) },
	{ KEY("args"), ALL, REQUEST_ARGS, FIELD_ARGS, offsetof(struct request, args) },
	{ KEY("address"), ALL, REQUEST_ARGS_ADDRESS, FIELD_BITS, offsetof(struct request, address) },
};

/* Which of the optional ones a frame has is told by their values: frame_have(). */
static const struct field frame_rows[] = {
	{ KEY("ip"), ALL, 0, FIELD_BITS, offsetof(struct frame, ip) },
	{ KEY("object"), ALL, FRAME_HAVE_OBJECT, FIELD_STRING, offsetof(struct frame, object) },
	{ KEY("address"), ALL, FRAME_HAVE_OBJECT, FIELD_BITS, offsetof(struct frame, address) },
	{ KEY("function"), ALL, FRAME_HAVE_FUNCTION, FIELD_STRING, offsetof(struct frame, function) },
	{ KEY("offset"), ALL, FRAME_HAVE_FUNCTION, FIELD_BITS, offsetof(struct frame, offset) },
	{ KEY("inlined"), ALL, FRAME_HAVE_INLINED, FIELD_BOOL, offsetof(struct frame, inlined) },
	{ KEY("file"), ALL, FRAME_HAVE_FILE, FIELD_STRING, offsetof(struct frame, file) },
	{ KEY("line"), ALL, FRAME_HAVE_FILE, FIELD_UINT, offsetof(struct frame, line) },
};

const struct fields event_fields = { event_rows, COUNT_OF(event_rows) };
const struct fields request_fields = { request_rows, COUNT_OF(request_rows) };
const struct fields frame_fields = { frame_rows, COUNT_OF(frame_rows) };

/* Fields are reached through pointers to these types. */
_Static_assert(sizeof(pid_t) == sizeof(int) && sizeof(enum event_kind) == sizeof(unsigned), "size of a field");

unsigned codec_format(void)
{
	return CODEC_FORMAT;
}

const char *mode_name(unsigned mode)
{
	static const char *const names[] = {
		[EVENT_MODE_FILTER] = "filter",
		[EVENT_MODE_EVENTS] = "events",
		[EVENT_MODE_CALLS] = "calls",
		[EVENT_MODE_SNAPSHOT] = "snapshot",
	};

	return mode < COUNT_OF(names) ? names[mode] : NULL;
}

unsigned frame_have(const struct frame *frame)
{
	return (frame->object ? FRAME_HAVE_OBJECT : 0) | (frame->function ? FRAME_HAVE_FUNCTION : 0) |
	       (frame->file ? FRAME_HAVE_FILE : 0) | (frame->inlined ? FRAME_HAVE_INLINED : 0);
}

size_t set_tid_count(const struct request *request)
{
	return request->set_tid_size < CLONE_SET_TID_MAX ? (size_t)request->set_tid_size : CLONE_SET_TID_MAX;
}

bool request_fits(const struct event *event)
{
	const struct request *request = event_request(event);

	return !request || call_is_creation(request->call) == (event->kind != EVENT_CALL);
}
