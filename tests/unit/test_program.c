/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of what is read of a task that has just exec'ed, compared with what /proc shows of the same task. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "skip.h"
#include "source/kernel/procfs/memory.h"
#include "source/kernel/procfs/ns.h"
#include "source/ptrace/program.h"
#include "source/ptrace/sys.h"

#define WORDS_MAX 4096

/* clock_gettime() of this program comes before the C library's, so that files can be old. */
static time_t later;

int clock_gettime(clockid_t clock, struct timespec *ret)
{
	const int r = (int)syscall(SYS_clock_gettime, clock, ret);

	if (!r && clock == CLOCK_REALTIME)
		ret->tv_sec += later;
	return r;
}

/* COUNT strings of LENGTH bytes each. */
static char **make_words(size_t count, size_t length)
{
	char **words = mem_zalloc(WORDS_MAX + 1, sizeof(*words));

	for (size_t i = 0; i < count; i++) {
		words[i] = mem_zalloc(length + 1, 1);
		memset(words[i], 'a' + (int)(i % 26), length);
	}
	return words;
}

static void free_words(char **words)
{
	for (size_t i = 0; words[i]; i++)
		free(words[i]);
	free(words);
}

/* A child that has exec'ed PROGRAM and is stopped after the exec. */
static pid_t start(const char *program, char *const *argv, char *const *envp)
{
	const struct sys_options options = { 0 };
	int gate[2], status;
	char byte;
	pid_t pid;

	assert_int_equal(pipe(gate), 0);
	pid = fork();
	if (!pid) {
		close(gate[1]);
		if (read(gate[0], &byte, 1) == 0)
			execve(program, argv, envp);
		_exit(127);
	}
	close(gate[0]);
	assert_int_equal(sys_seize(pid, &options, false), 0);
	close(gate[1]);
	assert_int_equal(waitpid(pid, &status, __WALL), pid);
	assert_true(WIFSTOPPED(status));
	assert_int_equal(stop_event(status), STOP_EVENT_EXEC);
	return pid;
}

static void stop(pid_t pid)
{
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, __WALL), pid);
}

static const struct row {
	size_t arguments, length, variables, size;
	bool by_stack; /* the environment and all before it fit what is read */
} rows[] = {
	{ 1, 4, 1, 10, true },	   { 1, 0, 1, 10, true },      { 3, 0, 20, 100, true },	 { 2, 5000, 40, 3000, true },
	{ 50, 100, 300, 5, true }, { 1, 4, 0, 0, false },      { 4000, 4, 1, 1, false }, { 3, 4, 4000, 3, false },
	{ 5, 4000, 1, 1, false },  { 2, 100000, 1, 1, false },
};

static void test_arguments(void **state)
{
	struct program program = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char **argv = make_words(rows[i].arguments, rows[i].length);
		char **envp = make_words(rows[i].variables, rows[i].size);
		struct text found = TEXT_INIT, listed = TEXT_INIT;
		pid_t pid = start("/bin/true", argv, envp);
		bool cut, listed_cut;

		assert_int_equal(program_begin(&program, pid, &found, &cut), 0);
		assert_int_equal(proc_arguments(&listed, pid, &listed_cut), 0);
		assert_int_equal(cut, listed_cut);
		assert_int_equal(found.length, listed.length);
		assert_memory_equal(text_get(&found), text_get(&listed), listed.length);
#ifdef __x86_64__
		assert_int_equal(program.has_asked, rows[i].by_stack);
		if (program.has_asked && rows[i].arguments > 1)
			assert_string_equal(text_get(&program.asked), "/bin/true");
#endif
		stop(pid);
		text_done(&found);
		text_done(&listed);
		free_words(argv);
		free_words(envp);
	}
	program_done(&program);
}

/* Looks at FILE, which runs with the arguments ARGV, and returns what is known of FILE. */
static unsigned look(struct program *program, const char *file)
{
	char word[] = "A=b", *const words[] = { word, word, NULL };
	struct text found = TEXT_INIT;
	pid_t pid = start(file, words, words);
	struct arguments arguments;
	unsigned known;
	bool cut;

	assert_int_equal(program_begin(program, pid, &found, &cut), 0);
	arguments = (struct arguments){ found.data, found.length, cut };
	known = program_look(program, pid, &arguments);
	stop(pid);
	text_done(&found);
	return known;
}

/* Each time with another modification time, because two writes may come within one tick of the file system's clock. */
static void write_file(const char *name, const char *bytes, size_t length)
{
	static struct timespec times[2] = { { 0, UTIME_OMIT }, { 1000000000, 0 } };
	FILE *file = fopen(name, "r+");

	if (!file)
		file = fopen(name, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(name, 0755), 0);
	times[1].tv_sec++;
	assert_int_equal(utimensat(AT_FDCWD, name, times, 0), 0);
}

/* A program whose loader's path can be found in the program. */
struct sample {
	char bytes[1 << 20];
	size_t length;
	char name[40];
	char *loader; /* in BYTES */
};

static bool sample_read(struct sample *sample)
{
	FILE *file = fopen("/bin/true", "r");

	assert_non_null(file);
	sample->length = fread(sample->bytes, 1, sizeof(sample->bytes), file);
	fclose(file);
	strcpy(sample->name, "/tmp/test_program.XXXXXX");
	close(mkstemp(sample->name));
	sample->loader = memmem(sample->bytes, sample->length, "/ld-", 4);
	while (sample->loader && sample->loader > sample->bytes && sample->loader[-1])
		sample->loader--;
	return sample->loader;
}

/* A file is recognized. Another file is not mistaken for it, nor is the same file after it has changed. */
static void looks_at_each_file(struct sample *sample)
{
	static const char other[] = "/proc/self/exe"; /* a loader that exists and has a shorter name */
	struct program program = { 0 };
	char *loader = mem_strdup(sample->loader);

	for (int i = 0; i < 2; i++) {
		assert_true(look(&program, "/bin/true") & PROGRAM_LOADER);
		assert_string_equal(text_get(&program.loader), loader);
		write_file(sample->name, sample->bytes, sample->length);
		assert_true(look(&program, sample->name) & PROGRAM_LOADER);
		assert_string_equal(text_get(&program.loader), loader);
		assert_string_equal(text_get(&program.exe), sample->name);
		memcpy(sample->loader, other, sizeof(other));
		write_file(sample->name, sample->bytes, sample->length);
		assert_true(look(&program, sample->name) & PROGRAM_LOADER);
		assert_string_equal(text_get(&program.loader), other);
		assert_int_equal(program.loader.length, strlen(other));
		memcpy(sample->loader, loader, strlen(loader));
	}
	free(loader);
	program_done(&program);
}

/* A file that changed a moment ago is looked at each time, because it may change again within the same tick of the file
 * system's clock. */
static void remembers_old_files(const struct sample *sample)
{
	struct program program = { 0 };

	write_file(sample->name, sample->bytes, sample->length);
	look(&program, sample->name);
	look(&program, sample->name);
	assert_int_equal(program.next, 2);
	later = 10;
	look(&program, sample->name);
	assert_int_equal(program.next, 3);
	assert_true(look(&program, sample->name) & PROGRAM_LOADER);
	assert_int_equal(program.next, 3);
	later = 0;
	program_done(&program);
}

static void test_loader(void **state)
{
	struct sample *sample = mem_zalloc(1, sizeof(*sample));
	const bool has_loader = sample_read(sample);

	(void)state;
	if (has_loader) {
		looks_at_each_file(sample);
		later = 10;
		looks_at_each_file(sample);
		later = 0;
		remembers_old_files(sample);
	}
	unlink(sample->name);
	free(sample);
	if (!has_loader)
		skip_because("/bin/true has no dynamic linker");
}

static void test_namespaces(void **state)
{
	char word[] = "A=b", *const words[] = { word, NULL }, path[64], link[64];
	const char *inode;
	pid_t pid = start("/bin/true", words, words);
	uint64_t ns[NAMESPACE_COUNT];
	ssize_t length;

	(void)state;
	assert_true(proc_namespaces(pid, ns) > 0);
	for (unsigned i = 0; i < NAMESPACE_COUNT; i++) {
		snprintf(path, sizeof(path), "/proc/%d/ns/%s", (int)pid, namespace_key((enum namespace)i));
		length = readlink(path, link, sizeof(link) - 1);
		link[length > 0 ? length : 0] = '\0';
		inode = strchr(link, '[');
		assert_int_equal(ns[i], inode ? strtoull(inode + 1, NULL, 10) : 0);
	}
	stop(pid);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arguments),
		cmocka_unit_test(test_loader),
		cmocka_unit_test(test_namespaces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
