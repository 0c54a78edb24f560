/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a snapshot says below its table, as members of a JSON object. */
#ifndef SINK_SNAPSHOT_JSON_H
#define SINK_SNAPSHOT_JSON_H

struct json;
struct snapshot;
struct text;

/* Adds two members: "groups", each with an object and the tids of those that share it, two at least, and "findings".
 * Kernel threads are in no group, as in no finding. */
void snapshot_json_put(struct json *json, const struct snapshot *snapshot);

/* Adds what has changed from one to the other, an object. */
void snapshot_json_diff(struct text *text, const struct snapshot *before, const struct snapshot *now);

#endif
