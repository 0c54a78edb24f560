/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The code that writing and reading share. */
#include "event/codec_common.h"

#include "event/codec.h"

unsigned codec_format(void)
{
	return CODEC_FORMAT;
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
