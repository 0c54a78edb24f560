/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs a fuzzer without libFuzzer: every file of its corpus, then a fixed number of mutations that a seed decides.
 *
 * The runs are made in a child, which leaves the input at hand in shared memory: however it dies, the input is saved.
 */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fuzz.h"

#define SIZE_MAX_INPUT 4096
#define SECONDS_MAX 60 /* for one input: then it hangs */

static const char usage[] = "usage: fuzz_NAME [-s SEED] [-n MUTATIONS] [-o FILE-FOR-A-BAD-INPUT] FILE|FOLDER...\n";

struct bytes {
	size_t size;
	uint8_t data[SIZE_MAX_INPUT];
};

/* What the child leaves to its parent. */
struct shared {
	unsigned long runs;
	struct bytes input;
};

struct corpus {
	struct bytes *files;
	size_t count;
};

/* splitmix64 (Vigna): the same numbers everywhere. */
static uint64_t random_next(uint64_t *state)
{
	uint64_t value = *state += UINT64_C(0x9e3779b97f4a7c15);

	value = (value ^ value >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	value = (value ^ value >> 27) * UINT64_C(0x94d049bb133111eb);
	return value ^ value >> 31;
}

/* A number below LIMIT, which is not 0. */
static size_t random_below(uint64_t *state, size_t limit)
{
	return (size_t)(random_next(state) % limit);
}

/* Mutations: each may find that it has nothing to do. */

static void flip_bit(struct bytes *bytes, const struct bytes *other, uint64_t *state)
{
	(void)other;
	if (bytes->size)
		bytes->data[random_below(state, bytes->size)] ^= (uint8_t)(1 << random_below(state, 8));
}

static void set_byte(struct bytes *bytes, const struct bytes *other, uint64_t *state)
{
	static const uint8_t values[] = {
		0, 1, 2, 7, '\t', '\n', ' ', '"', '-', '0', '9', '=', '\\', 0x7f, 0x80, 0xff
	};
	uint64_t pick = random_next(state);

	(void)other;
	if (bytes->size)
		bytes->data[random_below(state, bytes->size)] =
			pick & 1 ? (uint8_t)(pick >> 8) : values[(pick >> 8) % sizeof(values)];
}

static void remove_range(struct bytes *bytes, const struct bytes *other, uint64_t *state)
{
	size_t at, length;

	(void)other;
	if (!bytes->size)
		return;
	at = random_below(state, bytes->size);
	length = 1 + random_below(state, bytes->size - at);
	if (random_next(state) & 1 && length > 16)
		length = 16;
	memmove(bytes->data + at, bytes->data + at + length, bytes->size - at - length);
	bytes->size -= length;
}

/* Makes room for LENGTH bytes somewhere in BYTES; NULL where they do not fit. */
static uint8_t *make_room(struct bytes *bytes, size_t length, uint64_t *state)
{
	size_t at = random_below(state, bytes->size + 1);

	if (length > sizeof(bytes->data) - bytes->size)
		return NULL;
	memmove(bytes->data + at + length, bytes->data + at, bytes->size - at);
	bytes->size += length;
	return bytes->data + at;
}

static void insert_random(struct bytes *bytes, const struct bytes *other, uint64_t *state)
{
	size_t length = 1 + random_below(state, 16);
	uint8_t *to = make_room(bytes, length, state);

	(void)other;
	for (size_t i = 0; to && i < length; i++)
		to[i] = (uint8_t)random_next(state);
}

/* A part of BYTES again, or of another file of the corpus. */
static void insert_part(struct bytes *bytes, const struct bytes *other, uint64_t *state)
{
	struct bytes from = random_next(state) & 1 ? *other : *bytes;
	size_t at, length;
	uint8_t *to;

	if (!from.size)
		return;
	at = random_below(state, from.size);
	length = 1 + random_below(state, from.size - at);
	to = make_room(bytes, length, state);
	if (to)
		memcpy(to, from.data + at, length);
}

static void set_number(struct bytes *bytes, const struct bytes *other, uint64_t *state)
{
	static const uint64_t values[] = { 0,	       1,	   0x7fffffff,	      0x80000000,	 0xffffffff,
					   UINT64_MAX, INT64_MAX,  UINT64_C(1) << 63, UINT64_C(1) << 53, 4096,
					   88,	       0x01200011, 0x003d0f00,	      0xfffffffffffff001 };
	size_t length = (size_t)1 << random_below(state, 4);
	uint64_t value = values[random_below(state, sizeof(values) / sizeof(values[0]))];

	(void)other;
	if (bytes->size >= length)
		memcpy(bytes->data + random_below(state, bytes->size - length + 1), &value, length);
}

static void mutate(struct bytes *bytes, const struct bytes *other, uint64_t *state)
{
	static void (*const mutations[])(struct bytes *, const struct bytes *, uint64_t *) = {
		flip_bit, set_byte, set_byte, remove_range, insert_random, insert_part, set_number,
	};

	for (size_t n = 1 + random_below(state, 8); n; n--)
		mutations[random_below(state, sizeof(mutations) / sizeof(mutations[0]))](bytes, other, state);
}

/* The corpus */

static int compare_names(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void corpus_add(struct corpus *corpus, const char *name)
{
	FILE *file = fopen(name, "rb");
	struct bytes *files = realloc(corpus->files, (corpus->count + 1) * sizeof(*files));

	if (!file || !files) {
		perror(name);
		exit(2);
	}
	files[corpus->count].size = fread(files[corpus->count].data, 1, SIZE_MAX_INPUT, file);
	corpus->files = files;
	corpus->count++;
	fclose(file);
}

/* Adds the file NAME, or all those of the folder NAME in the order of their names. */
static void corpus_add_all(struct corpus *corpus, const char *name)
{
	struct dirent **entries;
	int count = scandir(name, &entries, is_visible, compare_names);
	char path[4096];

	if (count < 0) {
		corpus_add(corpus, name);
		return;
	}
	for (int i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "%s/%s", name, entries[i]->d_name);
		corpus_add(corpus, path);
		free(entries[i]);
	}
	free(entries);
}

/* Runs */

static void run_one(struct shared *shared)
{
	/* A copy of the very size, so that a byte read too many is found. */
	uint8_t *copy = malloc(shared->input.size);

	if (!copy && shared->input.size)
		abort();
	if (shared->input.size)
		memcpy(copy, shared->input.data, shared->input.size);
	alarm(SECONDS_MAX);
	LLVMFuzzerTestOneInput(copy, shared->input.size);
	free(copy);
	shared->runs++;
}

static void run_all(struct shared *shared, const struct corpus *corpus, uint64_t seed, unsigned long mutations)
{
	for (size_t i = 0; i < corpus->count; i++) {
		shared->input = corpus->files[i];
		run_one(shared);
	}
	for (unsigned long i = 0; i < mutations; i++) {
		shared->input = corpus->files[random_below(&seed, corpus->count)];
		mutate(&shared->input, &corpus->files[random_below(&seed, corpus->count)], &seed);
		run_one(shared);
	}
}

static int report(const struct shared *shared, int status, const char *name)
{
	FILE *file = fopen(name, "wb");

	if (WIFSIGNALED(status))
		fprintf(stderr, "killed by signal %d%s", WTERMSIG(status),
			WTERMSIG(status) == SIGALRM ? " (it hangs)" : "");
	else
		fprintf(stderr, "exit status %d", WEXITSTATUS(status));
	fprintf(stderr, " in or after run %lu\n", shared->runs + 1);
	if (!file || fwrite(shared->input.data, 1, shared->input.size, file) != shared->input.size || fclose(file))
		perror(name);
	else
		fprintf(stderr, "its input, %zu bytes: %s\n", shared->input.size, name);
	return 1;
}

int main(int argc, char *argv[])
{
	struct corpus corpus = { NULL, 0 };
	unsigned long mutations = 0;
	const char *bad = "fuzz-bad-input";
	struct shared *shared;
	uint64_t seed = 1;
	int option, status;
	pid_t child;

	while ((option = getopt(argc, argv, "s:n:o:")) != -1) {
		if (option == 's')
			seed = strtoull(optarg, NULL, 0);
		else if (option == 'n')
			mutations = strtoul(optarg, NULL, 0);
		else if (option == 'o')
			bad = optarg;
		else
			return fputs(usage, stderr), 2;
	}
	for (int i = optind; i < argc; i++)
		corpus_add_all(&corpus, argv[i]);
	if (!corpus.count)
		return fputs(usage, stderr), 2;
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	child = shared == MAP_FAILED ? -1 : fork();
	if (child == 0) {
		run_all(shared, &corpus, seed, mutations);
		free(corpus.files);
		exit(0); /* the leak checker's turn */
	}
	free(corpus.files);
	if (child < 0 || waitpid(child, &status, 0) != child) {
		perror("fuzz");
		return 2;
	}
	if (status)
		return report(shared, status, bad);
	printf("%lu runs\n", shared->runs);
	return 0;
}
