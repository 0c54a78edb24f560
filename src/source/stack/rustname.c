/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the grammar of Rust's RFC 2603 and writes names, without the hashes of crates and without lifetimes. */
#include "source/stack/rustname.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

#define DEPTH_MAX 64
#define LENGTH_MAX 1024
#define STEPS_MAX 4096 /* back references may repeat each other */

struct name {
	const char *start, *at; /* behind "_R" */
	unsigned depth, steps;
	bool failed;
	bool silent; /* what is read is not written */
	struct text text;
};

static void read_path(struct name *name);
static void read_type(struct name *name);

static void write(struct name *name, const char *string, size_t length)
{
	if (!name->silent)
		text_add_bytes(&name->text, string, length);
	name->failed |= name->text.length > LENGTH_MAX;
}

static void say(struct name *name, const char *string)
{
	write(name, string, strlen(string));
}

/* Takes the letter LETTER if it is next. */
static bool take(struct name *name, char letter)
{
	if (name->failed || *name->at != letter)
		return false;
	name->at++;
	return true;
}

static char next(struct name *name)
{
	if (name->failed || !*name->at) {
		name->failed = true;
		return '\0';
	}
	return *name->at++;
}

/* "_" is 0, "0_" is 1, "Z_" is 62. */
static uint64_t read_base62(struct name *name)
{
	uint64_t value = 0;

	if (take(name, '_'))
		return 0;
	while (!name->failed && !take(name, '_')) {
		char digit = next(name);

		name->failed |= !isalnum((unsigned char)digit);
		value = value * 62 + (uint64_t)(isdigit((unsigned char)digit)	? digit - '0'
						: islower((unsigned char)digit) ? digit - 'a' + 10
										: digit - 'A' + 36);
	}
	return value + 1;
}

static uint64_t read_disambiguator(struct name *name)
{
	return take(name, 's') ? read_base62(name) + 1 : 0;
}

/* An identifier's letters; *RET points into the name. Those beyond ASCII stay in their encoding. */
static size_t read_letters(struct name *name, const char **ret)
{
	size_t length = 0;

	take(name, 'u');
	name->failed |= !isdigit((unsigned char)*name->at);
	if (!take(name, '0')) /* a number does not begin with it, and another may follow */
		while (isdigit((unsigned char)*name->at) && length < LENGTH_MAX)
			length = length * 10 + (size_t)(*name->at++ - '0');
	take(name, '_');
	name->failed |= strnlen(name->at, length) < length;
	*ret = name->at;
	if (name->failed)
		return 0;
	name->at += length;
	return length;
}

/* Goes back to what was there before, reads it with READ, and comes back. */
static void read_again(struct name *name, void (*read)(struct name *name))
{
	const char *from = name->at - 1, *back;
	uint64_t offset = read_base62(name);

	if (name->failed || offset >= (uint64_t)(from - name->start)) {
		name->failed = true;
		return;
	}
	back = name->at;
	name->at = name->start + offset;
	read(name);
	name->at = back;
}

/* What is within a path or type, however deep. */
static bool descend(struct name *name)
{
	name->failed |= ++name->depth > DEPTH_MAX || ++name->steps > STEPS_MAX;
	return !name->failed;
}

/* Where an impl stands, which is no part of the name. */
static void pass_impl(struct name *name)
{
	bool silent = name->silent;

	name->silent = true;
	read_disambiguator(name);
	read_path(name);
	name->silent = silent;
}

static void read_member(struct name *name)
{
	char space = next(name), closure[48];
	uint64_t number;
	const char *letters;
	size_t length;

	read_path(name);
	number = read_disambiguator(name);
	length = read_letters(name, &letters);
	if (space == 'C') {
		snprintf(closure, sizeof(closure), "::{closure#%" PRIu64 "}", number);
		say(name, closure);
	} else if (length) {
		say(name, "::");
		write(name, letters, length);
	}
}

/* A number or so; of no use without its type. */
static void read_constant(struct name *name)
{
	bool silent = name->silent;
	const char *digits;

	if (take(name, 'p')) {
		say(name, "_");
		return;
	}
	if (take(name, 'B')) {
		read_again(name, read_constant);
		return;
	}
	name->silent = true;
	read_type(name);
	name->silent = silent;
	say(name, take(name, 'n') ? "-0x" : "0x");
	digits = name->at;
	while (!name->failed && *name->at != '_')
		name->failed |= !isxdigit((unsigned char)next(name));
	if (name->failed)
		return;
	write(name, digits, (size_t)(name->at - digits));
	take(name, '_');
}

static void read_lifetime(struct name *name)
{
	if (take(name, 'L'))
		read_base62(name);
}

static void read_list(struct name *name, void (*read)(struct name *name))
{
	for (bool first = true; !name->failed && !take(name, 'E'); first = false) {
		if (*name->at == 'L') {
			read_lifetime(name);
			continue;
		}
		say(name, first ? "" : ", ");
		read(name);
	}
}

static void read_argument(struct name *name)
{
	if (take(name, 'K'))
		read_constant(name);
	else
		read_type(name);
}

static void read_path(struct name *name)
{
	const char *letters;
	size_t length;

	if (!descend(name))
		return;
	switch (next(name)) {
	case 'C':
		read_disambiguator(name);
		length = read_letters(name, &letters);
		write(name, letters, length);
		break;
	case 'N':
		read_member(name);
		break;
	case 'M':
		pass_impl(name);
		say(name, "<");
		read_type(name);
		say(name, ">");
		break;
	case 'X':
		pass_impl(name);
		/* fall through */
	case 'Y':
		say(name, "<");
		read_type(name);
		say(name, " as ");
		read_path(name);
		say(name, ">");
		break;
	case 'I':
		read_path(name);
		say(name, "::<");
		read_list(name, read_argument);
		say(name, ">");
		break;
	case 'B':
		read_again(name, read_path);
		break;
	default:
		name->failed = true;
		break;
	}
	name->depth--;
}

static void read_binder(struct name *name)
{
	if (take(name, 'G'))
		read_base62(name);
}

static void read_function(struct name *name)
{
	const char *letters;

	read_binder(name);
	say(name, take(name, 'U') ? "unsafe fn(" : "fn(");
	if (take(name, 'K') && !take(name, 'C'))
		read_letters(name, &letters);
	read_list(name, read_type);
	say(name, ")");
	if (take(name, 'u')) /* () */
		return;
	say(name, " -> ");
	read_type(name);
}

static void read_trait(struct name *name)
{
	const char *letters;
	size_t length;

	read_path(name);
	while (take(name, 'p')) {
		length = read_letters(name, &letters);
		say(name, "<");
		write(name, letters, length);
		say(name, " = ");
		read_type(name);
		say(name, ">");
	}
}

static const char *basic_type(char letter)
{
	static const char *const names[] = {
		['a'] = "i8",	['b'] = "bool",	 ['c'] = "char",  ['d'] = "f64", ['e'] = "str", ['f'] = "f32",
		['h'] = "u8",	['i'] = "isize", ['j'] = "usize", ['l'] = "i32", ['m'] = "u32", ['n'] = "i128",
		['o'] = "u128", ['p'] = "_",	 ['s'] = "i16",	  ['t'] = "u16", ['u'] = "()",	['v'] = "...",
		['x'] = "i64",	['y'] = "u64",	 ['z'] = "!",
	};

	return letter >= 'a' && letter <= 'z' ? names[(unsigned char)letter] : NULL;
}

/* Those with something before another type. */
static const char *prefix_type(char letter)
{
	static const char letters[] = "RQPO";
	static const char *const prefixes[] = { "&", "&mut ", "*const ", "*mut " };
	const char *found = letter ? strchr(letters, letter) : NULL;

	return found ? prefixes[found - letters] : NULL;
}

static void read_array(struct name *name, bool sized)
{
	say(name, "[");
	read_type(name);
	if (sized) {
		say(name, "; ");
		read_constant(name);
	}
	say(name, "]");
}

static void read_type(struct name *name)
{
	char letter = *name->at;

	if (!descend(name))
		return;
	if (basic_type(letter)) {
		say(name, basic_type(next(name)));
	} else if (prefix_type(letter)) {
		say(name, prefix_type(next(name)));
		read_lifetime(name);
		read_type(name);
	} else if (take(name, 'A') || take(name, 'S')) {
		read_array(name, letter == 'A');
	} else if (take(name, 'T')) {
		say(name, "(");
		read_list(name, read_type);
		say(name, ")");
	} else if (take(name, 'F')) {
		read_function(name);
	} else if (take(name, 'D')) {
		read_binder(name);
		say(name, "dyn ");
		read_list(name, read_trait);
		read_lifetime(name);
	} else if (take(name, 'B')) {
		read_again(name, read_type);
	} else {
		read_path(name);
	}
	name->depth--;
}

char *rustname_demangle(const char *mangled)
{
	struct name name = { .text = TEXT_INIT };
	char *result = NULL;

	if (strncmp(mangled, "_R", 2) != 0)
		return NULL;
	name.start = name.at = mangled + 2;
	read_path(&name);
	if (!name.failed && name.text.length)
		result = mem_strdup(text_get(&name.text));
	text_done(&name.text);
	return result;
}

void rustname_decode(char *name)
{
	static const struct {
		const char *code, *text;
	} codes[] = {
		{ "$LT$", "<" },  { "$GT$", ">" },  { "$RF$", "&" },  { "$BP$", "*" },
		{ "$LP$", "(" },  { "$RP$", ")" },  { "$C$", "," },   { "$u20$", " " },
		{ "$u27$", "'" }, { "$u5b$", "[" }, { "$u5d$", "]" }, { "$u7b$", "{" },
		{ "$u7d$", "}" }, { "$u7e$", "~" }, { "..", "::" },   { "_$", "$" },
	};
	char *to = name;

	while (*name) {
		size_t row = 0;

		while (row < sizeof(codes) / sizeof(codes[0]) &&
		       strncmp(name, codes[row].code, strlen(codes[row].code)) != 0)
			row++;
		if (row == sizeof(codes) / sizeof(codes[0])) {
			*to++ = *name++;
			continue;
		}
		name += strlen(codes[row].code) - (*codes[row].code == '_'); /* an underscore before it is no letter */
		if (*codes[row].code != '_')
			to = stpcpy(to, codes[row].text);
	}
	*to = '\0';
}
