# SPDX-License-Identifier: GPL-2.0-or-later
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

samples_clone_linuxthreads_LDADD =
samples_clone_with_vm_LDADD =
samples_clone_without_vm_LDADD =
samples_fork_LDADD =
samples_fork_then_pthread_LDADD = -lpthread
samples_fork_vs_pthread_LDADD = -lpthread
samples_posix_spawn_LDADD =
samples_pthread_create_LDADD = -lpthread
samples_vfork_LDADD =

EXTRA_DIST += samples/README
