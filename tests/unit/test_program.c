/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests of what is read of a task that has just exec'ed, compared with what /proc shows of the same task. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "source/ptrace/proc.h"
#include "source/ptrace/program.h"
#include "source/ptrace/sys.h"

#define WORDS_MAX 4096

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

static void write_file(const char *name, const char *bytes, size_t length)
{
	FILE *file = fopen(name, "r+");

	if (!file)
		file = fopen(name, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(name, 0755), 0);
}

/* A file is recognized. Another file is not mistaken for it, nor is the same file after it has changed. */
static void test_loader(void **state)
{
	char name[] = "/tmp/test_program.XXXXXX";
	struct program program = { 0 };
	char *loader, *bytes = mem_alloc(1 << 20), *at = NULL;
	FILE *file = fopen("/bin/true", "r");
	size_t length;

	(void)state;
	assert_non_null(file);
	length = fread(bytes, 1, 1 << 20, file);
	fclose(file);
	close(mkstemp(name));
	if (!(look(&program, "/bin/true") & PROGRAM_LOADER))
		skip();
	loader = mem_strdup(text_get(&program.loader));
	for (int i = 0; i < 2; i++) {
		write_file(name, bytes, length);
		assert_true(look(&program, name) & PROGRAM_LOADER);
		assert_string_equal(text_get(&program.loader), loader);
		assert_string_equal(text_get(&program.exe), name);
		at = memmem(bytes, length, loader, strlen(loader));
		assert_non_null(at);
		memcpy(at, "/proc/self/exe",
		       sizeof("/proc/self/exe")); /* a loader that exists and has a shorter name */
		write_file(name, bytes, length);
		assert_true(look(&program, name) & PROGRAM_LOADER);
		assert_string_equal(text_get(&program.loader), "/proc/self/exe");
		memcpy(at, loader, strlen(loader));
		assert_true(look(&program, "/bin/true") & PROGRAM_LOADER);
		assert_string_equal(text_get(&program.loader), loader);
	}
	unlink(name);
	free(loader);
	free(bytes);
	program_done(&program);
}

static void test_namespaces(void **state)
{
	char word[] = "A=b", *const words[] = { word, NULL }, path[64], link[64];
	const char *inode;
	pid_t pid = start("/bin/true", words, words);
	uint64_t ns[EVENT_NS_COUNT];
	ssize_t length;

	(void)state;
	assert_true(proc_namespaces(pid, ns) > 0);
	for (unsigned i = 0; i < EVENT_NS_COUNT; i++) {
		snprintf(path, sizeof(path), "/proc/%d/ns/%s", (int)pid, event_ns_name((enum event_ns)i));
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
