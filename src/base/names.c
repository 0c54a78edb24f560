/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tables of errno and signal names, and the words made from them. */
#include "base/names.h"

#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"

/* include/uapi/asm-generic/errno-base.h and errno.h; 41 and 58 have no meaning of their own. From 512 on: numbers that
 * the kernel uses inside (include/linux/errno.h) and that only a tracer sees. */
static const char *const errno_names[] = {
	[1] = "EPERM",
	[2] = "ENOENT",
	[3] = "ESRCH",
	[4] = "EINTR",
	[5] = "EIO",
	[6] = "ENXIO",
	[7] = "E2BIG",
	[8] = "ENOEXEC",
	[9] = "EBADF",
	[10] = "ECHILD",
	[11] = "EAGAIN",
	[12] = "ENOMEM",
	[13] = "EACCES",
	[14] = "EFAULT",
	[15] = "ENOTBLK",
	[16] = "EBUSY",
	[17] = "EEXIST",
	[18] = "EXDEV",
	[19] = "ENODEV",
	[20] = "ENOTDIR",
	[21] = "EISDIR",
	[22] = "EINVAL",
	[23] = "ENFILE",
	[24] = "EMFILE",
	[25] = "ENOTTY",
	[26] = "ETXTBSY",
	[27] = "EFBIG",
	[28] = "ENOSPC",
	[29] = "ESPIPE",
	[30] = "EROFS",
	[31] = "EMLINK",
	[32] = "EPIPE",
	[33] = "EDOM",
	[34] = "ERANGE",
	[35] = "EDEADLK",
	[36] = "ENAMETOOLONG",
	[37] = "ENOLCK",
	[38] = "ENOSYS",
	[39] = "ENOTEMPTY",
	[40] = "ELOOP",
	[42] = "ENOMSG",
	[43] = "EIDRM",
	[44] = "ECHRNG",
	[45] = "EL2NSYNC",
	[46] = "EL3HLT",
	[47] = "EL3RST",
	[48] = "ELNRNG",
	[49] = "EUNATCH",
	[50] = "ENOCSI",
	[51] = "EL2HLT",
	[52] = "EBADE",
	[53] = "EBADR",
	[54] = "EXFULL",
	[55] = "ENOANO",
	[56] = "EBADRQC",
	[57] = "EBADSLT",
	[59] = "EBFONT",
	[60] = "ENOSTR",
	[61] = "ENODATA",
	[62] = "ETIME",
	[63] = "ENOSR",
	[64] = "ENONET",
	[65] = "ENOPKG",
	[66] = "EREMOTE",
	[67] = "ENOLINK",
	[68] = "EADV",
	[69] = "ESRMNT",
	[70] = "ECOMM",
	[71] = "EPROTO",
	[72] = "EMULTIHOP",
	[73] = "EDOTDOT",
	[74] = "EBADMSG",
	[75] = "EOVERFLOW",
	[76] = "ENOTUNIQ",
	[77] = "EBADFD",
	[78] = "EREMCHG",
	[79] = "ELIBACC",
	[80] = "ELIBBAD",
	[81] = "ELIBSCN",
	[82] = "ELIBMAX",
	[83] = "ELIBEXEC",
	[84] = "EILSEQ",
	[85] = "ERESTART",
	[86] = "ESTRPIPE",
	[87] = "EUSERS",
	[88] = "ENOTSOCK",
	[89] = "EDESTADDRREQ",
	[90] = "EMSGSIZE",
	[91] = "EPROTOTYPE",
	[92] = "ENOPROTOOPT",
	[93] = "EPROTONOSUPPORT",
	[94] = "ESOCKTNOSUPPORT",
	[95] = "EOPNOTSUPP",
	[96] = "EPFNOSUPPORT",
	[97] = "EAFNOSUPPORT",
	[98] = "EADDRINUSE",
	[99] = "EADDRNOTAVAIL",
	[100] = "ENETDOWN",
	[101] = "ENETUNREACH",
	[102] = "ENETRESET",
	[103] = "ECONNABORTED",
	[104] = "ECONNRESET",
	[105] = "ENOBUFS",
	[106] = "EISCONN",
	[107] = "ENOTCONN",
	[108] = "ESHUTDOWN",
	[109] = "ETOOMANYREFS",
	[110] = "ETIMEDOUT",
	[111] = "ECONNREFUSED",
	[112] = "EHOSTDOWN",
	[113] = "EHOSTUNREACH",
	[114] = "EALREADY",
	[115] = "EINPROGRESS",
	[116] = "ESTALE",
	[117] = "EUCLEAN",
	[118] = "ENOTNAM",
	[119] = "ENAVAIL",
	[120] = "EISNAM",
	[121] = "EREMOTEIO",
	[122] = "EDQUOT",
	[123] = "ENOMEDIUM",
	[124] = "EMEDIUMTYPE",
	[125] = "ECANCELED",
	[126] = "ENOKEY",
	[127] = "EKEYEXPIRED",
	[128] = "EKEYREVOKED",
	[129] = "EKEYREJECTED",
	[130] = "EOWNERDEAD",
	[131] = "ENOTRECOVERABLE",
	[132] = "ERFKILL",
	[133] = "EHWPOISON",
	[512] = "ERESTARTSYS",
	[513] = "ERESTARTNOINTR",
	[514] = "ERESTARTNOHAND",
	[515] = "ENOIOCTLCMD",
	[516] = "ERESTART_RESTARTBLOCK",
	[517] = "EPROBE_DEFER",
	[518] = "EOPENSTALE",
	[519] = "ENOPARAM",
};

/* arch/x86/include/uapi/asm/signal.h, the same as asm-generic. */
static const char *const signal_names[] = {
	[1] = "SIGHUP",	  [2] = "SIGINT",     [3] = "SIGQUIT",	[4] = "SIGILL",	    [5] = "SIGTRAP",  [6] = "SIGABRT",
	[7] = "SIGBUS",	  [8] = "SIGFPE",     [9] = "SIGKILL",	[10] = "SIGUSR1",   [11] = "SIGSEGV", [12] = "SIGUSR2",
	[13] = "SIGPIPE", [14] = "SIGALRM",   [15] = "SIGTERM", [16] = "SIGSTKFLT", [17] = "SIGCHLD", [18] = "SIGCONT",
	[19] = "SIGSTOP", [20] = "SIGTSTP",   [21] = "SIGTTIN", [22] = "SIGTTOU",   [23] = "SIGURG",  [24] = "SIGXCPU",
	[25] = "SIGXFSZ", [26] = "SIGVTALRM", [27] = "SIGPROF", [28] = "SIGWINCH",  [29] = "SIGIO",   [30] = "SIGPWR",
	[31] = "SIGSYS",
};

/* The kernel's real-time signals begin at 32; glibc keeps 32 and 33, musl 32 to 34 (signal(7)). */
enum { SIGNAL_RT_FIRST = 34 };

static const struct signal_alias {
	const char *name;
	int signo;
} signal_aliases[] = {
	{ "SIGIOT", 6 },
	{ "SIGCLD", 17 },
	{ "SIGPOLL", 29 },
};

bool name_is_listed(const char *list, const char *name, size_t length)
{
	for (; *list; list += strspn(list, " ")) {
		const size_t listed = strcspn(list, " ");

		if (listed == length && memcmp(list, name, length) == 0)
			return true;
		list += listed;
	}
	return false;
}

const char *errno_name(int number)
{
	return number > 0 && (size_t)number < ARRAY_LENGTH(errno_names) ? errno_names[number] : NULL;
}

void errno_add_name(struct text *text, int number)
{
	const char *name = errno_name(number);

	if (name)
		text_add(text, name);
	else
		text_addf(text, "errno %d", number);
}

bool signal_has_name(int signo)
{
	return (signo > 0 && (size_t)signo < ARRAY_LENGTH(signal_names)) ||
	       (signo >= SIGNAL_RT_FIRST && signo <= SIGNAL_LAST);
}

void signal_add_name(struct text *text, int signo)
{
	if (!signal_has_name(signo))
		text_addf(text, "signal %d", signo);
	else if (signo < SIGNAL_RT_FIRST)
		text_add(text, signal_names[signo]);
	else if (signo == SIGNAL_RT_FIRST)
		text_add(text, "SIGRTMIN");
	else
		text_addf(text, "SIGRTMIN+%d", signo - SIGNAL_RT_FIRST);
}

/* "SIGRTMIN", "SIGRTMIN+n" */
static int signal_rt_by_name(const char *name)
{
	static const char prefix[] = "SIGRTMIN";
	int offset = 0, end = 0;

	if (strncmp(name, prefix, sizeof(prefix) - 1) != 0)
		return -1;
	name += sizeof(prefix) - 1;
	if (!*name)
		return SIGNAL_RT_FIRST;
	if (name[0] != '+' || name[1] < '0' || name[1] > '9') /* sscanf() would take blanks and signs too */
		return -1;
	if (sscanf(name, "+%2d%n", &offset, &end) != 1 || name[end] || offset > SIGNAL_LAST - SIGNAL_RT_FIRST)
		return -1;
	return SIGNAL_RT_FIRST + offset;
}

int signal_by_name(const char *name)
{
	char full[24];

	if (strncmp(name, "SIG", 3) != 0) {
		int length = snprintf(full, sizeof(full), "SIG%s", name);

		if (length < 0 || (size_t)length >= sizeof(full))
			return -1;
		name = full;
	}
	for (size_t i = 1; i < ARRAY_LENGTH(signal_names); i++)
		if (strcmp(signal_names[i], name) == 0)
			return (int)i;
	for (size_t i = 0; i < ARRAY_LENGTH(signal_aliases); i++)
		if (strcmp(signal_aliases[i].name, name) == 0)
			return signal_aliases[i].signo;
	return signal_rt_by_name(name);
}
