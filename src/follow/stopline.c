/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Replays the lines of --debug-stops to follow. */
#include "follow/stopline.h"

#include <string.h>

#include "follow/stopline_fields.h"

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

	for (size_t i = 0; i < stopline_field_count; i++) {
		const struct stopline_field *field = &stopline_fields[i];
		const size_t offset = field->offset - offsetof(struct stopline, stop);

		if (!(field->kinds & 1u << STOPLINE_GATHER && field->have & from->have))
			continue;
		/* their offsets are not in `stop` */
		if (field->type != FIELD_FACTS && field->type != FIELD_CGROUP)
			memcpy((char *)stop + offset, (const char *)from + offset, field->size);
	}
	if (from->have & STOP_FACTS)
		stop->facts = &line->facts;
	stop->unreadable |= from->unreadable;
	stop->have |= from->have;
}
