/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words that more than one sink uses. */
#include "sink/words.h"

#include <inttypes.h>
#include <string.h>
#include <sys/wait.h>

#include "base/names.h"
#include "base/text.h"
#include "clone/request.h"
#include "model/model.h"

void words_add_status(struct text *text, int status)
{
	if (status == TASK_STATUS_UNKNOWN) {
		text_add(text, "ended");
	} else if (WIFEXITED(status)) {
		text_addf(text, "exited %d", WEXITSTATUS(status));
	} else if (WIFSIGNALED(status)) {
		text_add(text, "killed by ");
		signal_add_name(text, WTERMSIG(status));
		if (WCOREDUMP(status))
			text_add(text, " (core dumped)");
	} else {
		text_addf(text, "ended with wait status 0x%x", (unsigned)status);
	}
}

void words_add_count(struct text *text, uint64_t count, const char *word)
{
	size_t length = strlen(word);
	const char *plural = length && word[length - 1] == 's' ? "es" : "s";

	text_addf(text, "%" PRIu64 " %s%s", count, word, count == 1 ? "" : plural);
}

void words_add_errno(struct text *text, int error)
{
	const char *name = errno_name(error);

	if (name)
		text_addf(text, "%s (%s)", name, strerror(error));
	else
		text_addf(text, "errno %d", error);
}

void words_add_call(struct text *text, const struct request *request, uint32_t own_arch)
{
	const struct abi *abi = request->abi;

	if (abi->audit_arch != own_arch || abi->nr_mark) /* x32 has the audit arch of x86_64 */
		text_addf(text, "[%s] ", abi->name);
	request_format(text, request);
}
