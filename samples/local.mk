# Small programs to try cltrace on; built by `make`, not installed. See samples/README.

noinst_PROGRAMS += \
	samples/clone_linuxthreads \
	samples/clone_with_vm \
	samples/clone_without_vm \
	samples/fork \
	samples/fork_then_pthread \
	samples/fork_vs_pthread \
	samples/posix_spawn \
	samples/pthread_create \
	samples/vfork

samples_clone_linuxthreads_SOURCES = samples/clone_linuxthreads.c
samples_clone_with_vm_SOURCES = samples/clone_with_vm.c
samples_clone_without_vm_SOURCES = samples/clone_without_vm.c
samples_fork_SOURCES = samples/fork.c
samples_fork_then_pthread_SOURCES = samples/fork_then_pthread.c
samples_fork_then_pthread_LDADD = -lpthread
samples_fork_vs_pthread_SOURCES = samples/fork_vs_pthread.c
samples_fork_vs_pthread_LDADD = -lpthread
samples_posix_spawn_SOURCES = samples/posix_spawn.c
samples_pthread_create_SOURCES = samples/pthread_create.c
samples_pthread_create_LDADD = -lpthread
samples_vfork_SOURCES = samples/vfork.c

EXTRA_DIST += samples/README
