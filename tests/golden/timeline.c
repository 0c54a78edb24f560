/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads Chrome trace events from stdin as a timeline viewer does and holds them to what those need: each slice ends
 * within the one that it began in, time never runs back on a track, each track has a name, and each arrow begins and
 * lands in a slice that is open at that moment.
 *
 * Prints "arrow TID" for each task that an arrow leads to. With --cut the input may end anywhere between two lines, and
 * slices may stay open. Exits with 1 and a line that names the fault. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json.h>
#include <uthash.h>

struct track {
	struct {
		int pid, tid;
	} key;
	int depth;   /* slices that are open */
	double last; /* ts of the latest event */
	bool named;
	UT_hash_handle hh;
};

struct arrow {
	int64_t id;
	bool landed;
	UT_hash_handle hh;
};

static struct track *tracks;
static struct arrow *arrows;
static unsigned line_number;

__attribute__((format(printf, 1, 2), noreturn)) static void fault(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	printf("line %u: ", line_number);
	vprintf(format, list);
	putchar('\n');
	va_end(list);
	exit(1);
}

static struct json_object *member(struct json_object *entry, const char *key, enum json_type type)
{
	struct json_object *value;

	if (!json_object_object_get_ex(entry, key, &value))
		fault("no \"%s\"", key);
	if (json_object_get_type(value) != type &&
	    !(type == json_type_double && json_object_is_type(value, json_type_int)))
		fault("\"%s\" has the wrong type", key);
	return value;
}

static const char *member_string(struct json_object *entry, const char *key)
{
	return json_object_get_string(member(entry, key, json_type_string));
}

static struct track *track_of(struct json_object *entry)
{
	struct track *track, key = { .depth = 0 };

	memset(&key.key, 0, sizeof(key.key));
	key.key.pid = json_object_get_int(member(entry, "pid", json_type_int));
	key.key.tid = json_object_get_int(member(entry, "tid", json_type_int));
	HASH_FIND(hh, tracks, &key.key, sizeof(key.key), track);
	if (!track) {
		track = calloc(1, sizeof(*track));
		if (!track)
			abort();
		track->key = key.key;
		HASH_ADD(hh, tracks, key, sizeof(track->key), track);
	}
	return track;
}

/* An arrow begins in an open slice, and lands ("bp":"e": in the slice around it, not in the next one) in one. */
static void read_arrow(struct json_object *entry, const struct track *track, bool lands)
{
	int64_t id = json_object_get_int64(member(entry, "id", json_type_int));
	struct arrow *arrow;

	member_string(entry, "name");
	if (!track->depth)
		fault("an arrow outside of any slice");
	HASH_FIND(hh, arrows, &id, sizeof(id), arrow);
	if (lands) {
		if (!arrow || arrow->landed)
			fault("an arrow that lands without a beginning, or twice");
		if (strcmp(member_string(entry, "bp"), "e") != 0)
			fault("an arrow that lands in the next slice");
		arrow->landed = true;
		printf("arrow %d\n", track->key.tid);
		return;
	}
	if (arrow)
		fault("two arrows with one id");
	arrow = calloc(1, sizeof(*arrow));
	if (!arrow)
		abort();
	arrow->id = id;
	HASH_ADD(hh, arrows, id, sizeof(arrow->id), arrow);
}

static void read_entry(struct json_object *entry)
{
	const char *phase = member_string(entry, "ph");
	double when = json_object_get_double(member(entry, "ts", json_type_double));
	struct track *track = track_of(entry);

	if (strcmp(phase, "M") == 0) {
		member_string(entry, "name");
		member(entry, "args", json_type_object);
		track->named = true;
		return;
	}
	if (!track->named)
		fault("an event on a track without a name");
	if (when < track->last)
		fault("time runs back");
	track->last = when;
	if (strcmp(phase, "B") == 0) {
		member_string(entry, "name");
		track->depth++;
	} else if (strcmp(phase, "E") == 0) {
		if (!track->depth--)
			fault("a slice that ends and never began");
	} else if (strcmp(phase, "s") == 0 || strcmp(phase, "f") == 0) {
		read_arrow(entry, track, *phase == 'f');
	} else if (strcmp(phase, "i") == 0) {
		member_string(entry, "name");
	} else {
		fault("phase '%s' is not known", phase);
	}
}

/* One entry stands on one line, with a comma behind it but for the last. */
static void read_line(char *line, bool *ret_last)
{
	size_t length = strcspn(line, "\n");
	bool comma = length && line[length - 1] == ',';
	struct json_object *entry;

	if (line[length] != '\n')
		fault("a line without its end");
	line[length - comma] = '\0';
	if (line_number == 1) {
		if (strcmp(line, "[") != 0)
			fault("does not begin with '['");
		return;
	}
	if (*ret_last) {
		if (strcmp(line, "]") != 0)
			fault("no ']' behind the last entry");
		return;
	}
	entry = json_tokener_parse(line);
	if (!json_object_is_type(entry, json_type_object))
		fault("no JSON object");
	read_entry(entry);
	json_object_put(entry);
	*ret_last = !comma;
}

static void check_end(bool last)
{
	struct arrow *arrow, *next_arrow;
	struct track *track, *next_track;

	if (!last)
		fault("the end is missing");
	HASH_ITER (hh, arrows, arrow, next_arrow) {
		if (!arrow->landed)
			fault("arrow %" PRId64 " never lands", arrow->id);
	}
	HASH_ITER (hh, tracks, track, next_track) {
		if (track->depth)
			fault("track %d/%d has %d open slices at the end", track->key.pid, track->key.tid,
			      track->depth);
	}
}

int main(int argc, char *argv[])
{
	bool cut = argc > 1 && strcmp(argv[1], "--cut") == 0, last = false;
	char *line = NULL;
	size_t size = 0;

	while (getline(&line, &size, stdin) > 0) {
		line_number++;
		read_line(line, &last);
	}
	free(line);
	if (!line_number)
		fault("nothing there");
	if (!cut)
		check_end(last);
	return 0;
}
