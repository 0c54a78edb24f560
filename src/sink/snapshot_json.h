/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is shown of a snapshot below its table, as members of a JSON object. */
#ifndef SINK_SNAPSHOT_JSON_H
#define SINK_SNAPSHOT_JSON_H

struct json;
struct snapshot;
struct text;

/* Adds two members: "groups", each with an object and the tids of those that share it, two at least, and "findings".
 * Kernel threads are not in groups, and not in findings. */
void snapshot_json_put(struct json *json, const struct snapshot *snapshot);

/* Adds an object with what has changed from one to the other. */
void snapshot_json_diff(struct text *text, const struct snapshot *before, const struct snapshot *now);

#endif
