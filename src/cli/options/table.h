/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of options: one row each, from which parsing, --help and the complaints are made. */
#ifndef CLI_OPTIONS_TABLE_H
#define CLI_OPTIONS_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "cli/options.h"

/* The state of options_parse(). */
struct parse {
	struct options *options;
	struct options_detail *detail; /* of all outputs, or of one */
	struct text message;	       /* filled when something is wrong */
	const struct option_row *last; /* whose value is the last word, perhaps meant as PROGRAM; or NULL */
	const char *const *last_words; /* that option and that value */
};

/* Applies one option. VALUE is its argument; NULL: it has none. Returns 0 or -EINVAL with the message filled. */
typedef int take_fn(struct parse *parse, const struct option_row *row, const char *value);

/* With which names an argument can be left out. An argument that is given is then in the same word. */
enum { LONG = 1, EITHER = 2 };

/* Whose member an option sets. */
enum option_owner {
	OF_NONE,
	OF_OPTIONS, /* struct options */
	OF_DETAIL,  /* struct options_detail: the option can also be given for one output */
};

struct option_choice {
	const char *name;
	unsigned value;
};

/* The values that an option accepts: one of some words, or a number. */
struct option_values {
	const struct option_choice *choices; /* take_choice(); the last one has no name */
	uint64_t least, most;		     /* take_number() */
	bool zero;			     /* ... or 0 */
	bool cut;			     /* a larger number is as good as `most` */
	const char *word;		     /* instead of a number; NULL: none */
	uint64_t word_value;
	const char *absent; /* the value if the argument is left out */
	const char *wrong;  /* "is no number of events; give such as 1000": ends the complaint */
};

struct option_row {
	char letter;	      /* 0: only a long name */
	const char *name;     /* long name */
	const char *argument; /* NULL: takes none */
	unsigned optional;    /* the argument may be left out: LONG, or also behind the letter, EITHER */
	take_fn *take;	      /* NULL: a heading */
	enum option_owner owner;
	size_t field, size; /* which member of the owner, for takers for any member */
	/* lines separated by \n; NULL: a second name, which is not listed */
	const char *help;
	const struct option_values *values; /* take_choice(), take_number() */
	unsigned sets;			    /* take_set(): the value of the member */
};

/* Each row, headings too, in the order of --help; NULL past the end. */
const struct option_row *option_at(size_t index);

/* The option with this letter, or NULL. */
const struct option_row *option_find_letter(int letter);

/* The option for single outputs with the LENGTH bytes at NAME as its long name, or NULL. */
const struct option_row *option_find_detail(const char *name, size_t length);

/* The same for a letter of an option that needs no value, or NULL. */
const struct option_row *option_find_detail_letter(char letter);

/* The first option that TAKE applies. There must be one. */
const struct option_row *option_of(take_fn *take);

/* The member that ROW sets, in the options or in the current detail. */
void *option_field(struct parse *parse, const struct option_row *row);

/* Adds the name of an option: "-p" or "--seccomp". */
void option_add_name(struct text *text, const struct option_row *row);

/* Fills the message. All return -EINVAL. */
int option_refuse(struct parse *parse, const char *message);
/* "-p: 'abc' WRONG", the message of most refusals. */
int option_refuse_value(struct parse *parse, const struct option_row *row, const char *value, size_t length,
			const char *wrong);

#endif
