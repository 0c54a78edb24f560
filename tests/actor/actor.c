/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The actor: one program that plays the situations a tracer must get right, and states the facts it made. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "actor.h"

static const struct scene *const scenes[] = {
	process_scenes, thread_scenes,	    signal_scenes,   call_scenes, namespace_scenes,
	remote_scenes,	combination_scenes, standing_scenes, job_scenes,
};
enum { SCENE_LISTS = sizeof(scenes) / sizeof(scenes[0]) };

static const struct scene *find(const char *name)
{
	for (size_t i = 0; i < SCENE_LISTS; i++)
		for (const struct scene *scene = scenes[i]; scene->name != NULL; scene++)
			if (strcmp(scene->name, name) == 0)
				return scene;
	return NULL;
}

static void list(void)
{
	printf("Usage: actor [-o FILE] SCENE [ARGUMENTS]\n"
	       "Plays SCENE and states what it made as JSON lines, on stdout or at the end of FILE.\n"
	       "Exits 0, 77 when something is missing for the scene, 1 when the kernel did not do what it should.\n\n");
	for (size_t i = 0; i < SCENE_LISTS; i++)
		for (const struct scene *scene = scenes[i]; scene->name != NULL; scene++)
			printf("  %s %s\n", scene->name, scene->arguments != NULL ? scene->arguments : "");
}

int main(int argc, char *argv[])
{
	const struct scene *scene;
	int option;

	actor_find_path();
	while ((option = getopt(argc, argv, "+ho:")) != -1) {
		switch (option) {
		case 'o':
			fact_open(optarg);
			break;
		case 'h':
			list();
			return EXIT_SUCCESS;
		default:
			return 2;
		}
	}
	if (optind == argc) {
		list();
		return 2;
	}
	if (fact_path() != NULL)
		fact_line("{\"fact\":\"program\",\"pid\":%d}", getpid());
	scene = find(argv[optind]);
	if (scene == NULL)
		die("no scene %s", argv[optind]);
	return scene->play(argc - optind, argv + optind);
}
