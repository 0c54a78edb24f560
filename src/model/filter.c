/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The language of -e: parses expressions by the table of keys. */
#include "model/filter.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/filter_keys.h"

static const struct key *key_find(const char *name, size_t length)
{
	size_t count;
	const struct key *keys = filter_keys(&count);

	for (size_t i = 0; i < count; i++) {
		if (filter_is_word(keys[i].name, name, length) || filter_is_word(keys[i].letter, name, length))
			return &keys[i];
	}
	return NULL;
}

static int fail(struct filter_error *error, const char *at, size_t length, const char *wrong)
{
	*error = (struct filter_error){ .at = at, .length = length, .why = TEXT_INIT };
	text_add(&error->why, wrong);
	return -EINVAL;
}

static int fail_key(struct filter_error *error, const char *at, size_t length)
{
	size_t count;
	const struct key *keys = filter_keys(&count);

	fail(error, at, length, "is no filter; give");
	for (size_t i = 0; i < count; i++)
		text_addf(&error->why, "%s %s=", i ? "," : "", keys[i].name);
	text_add(&error->why, ", or names of events and calls alone");
	return -EINVAL;
}

static int fail_word(struct filter_error *error, const struct key *key, const char *at, size_t length)
{
	if (*at == '!' && length)
		return fail(
			error, at, length,
			"has a ! that does not begin the list; it turns the whole list round, as in trace=!exec,exit");
	fail(error, at, length, key->wrong);
	text_add(&error->why, "; give ");
	if (key->add_words)
		key->add_words(&error->why);
	else
		text_add(&error->why, key->example);
	return -EINVAL;
}

static void term_done(struct term *term)
{
	for (size_t i = 0; i < term->count; i++)
		free(term->words[i].text);
	free(term->words);
	free(term->expr);
}

static char *copy_bytes(const char *bytes, size_t length)
{
	char *copy = mem_alloc(length + 1);

	memcpy(copy, bytes, length);
	copy[length] = '\0';
	return copy;
}

/* Reads the words of LIST into TERM. */
static int parse_list(struct term *term, const char *list, struct filter_error *error)
{
	for (const char *at = list;; at++) {
		size_t length = strcspn(at, ",");
		struct word *word;

		term->words = mem_resize(term->words, term->count + 1, sizeof(*term->words));
		word = &term->words[term->count++];
		*word = (struct word){ .text = copy_bytes(at, length) };
		if (*at == '!' || !length || !term->key->parse(at, length, word))
			return fail_word(error, term->key, at, length);
		term->creation |= filter_names_creation(word);
		at += length;
		if (!*at)
			return 0;
	}
}

int filter_add(struct filter *filter, const char *expr, struct filter_error *ret_error)
{
	const char *equals = strchr(expr, '='), *list = equals ? equals + 1 : expr;
	size_t count;
	const struct key *keys = filter_keys(&count);
	struct term term = { .key = equals ? key_find(expr, (size_t)(equals - expr)) : &keys[0] };
	int error;

	if (!term.key)
		return fail_key(ret_error, expr, (size_t)(equals - expr));
	term.negated = *list == '!';
	term.expr = mem_strdup(expr);
	error = parse_list(&term, list + term.negated, ret_error);
	if (error) {
		term_done(&term);
		return error;
	}
	filter->terms = mem_resize(filter->terms, filter->count + 1, sizeof(*filter->terms));
	filter->terms[filter->count++] = term;
	return 0;
}

struct filter *filter_new(void)
{
	return mem_zalloc(1, sizeof(struct filter));
}

void filter_free(struct filter *filter)
{
	if (!filter)
		return;
	for (size_t i = 0; i < filter->count; i++)
		term_done(&filter->terms[i]);
	free(filter->terms);
	free(filter);
}

size_t filter_watched(const struct filter *filter)
{
	size_t count = 0;

	for (size_t i = 0; filter && i < filter->count; i++)
		count += filter_is_under(filter->terms[i].key) ? filter->terms[i].count : 0;
	return count;
}

void filter_watch(const struct filter *filter, struct model *model)
{
	for (size_t i = 0; filter && i < filter->count; i++) {
		const struct term *term = &filter->terms[i];

		for (size_t j = 0; filter_is_under(term->key) && j < term->count; j++)
			model_watch(model, term->words[j].pid);
	}
}

bool filter_asks_origins(const struct filter *filter)
{
	for (size_t i = 0; filter && i < filter->count; i++) {
		const struct term *term = &filter->terms[i];

		for (size_t j = 0; j < term->count; j++) {
			if (term->words[j].function)
				return true;
		}
	}
	return false;
}

void filter_format(struct text *text, const struct filter *filter)
{
	for (size_t i = 0; i < filter->count; i++) {
		text_add(text, i ? " and " : "");
		text_add_escaped(text, filter->terms[i].expr);
	}
}
