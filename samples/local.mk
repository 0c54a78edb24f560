# SPDX-License-Identifier: GPL-2.0-or-later
# Small programs to try cltrace on; built by `make`, not installed. See samples/README.

noinst_PROGRAMS += \
	samples/clone_linuxthreads \
	samples/clone_own_files \
	samples/clone_parent \
	samples/clone_with_vm \
	samples/clone_without_vm \
	samples/daemon \
	samples/eight_ways \
	samples/endings \
	samples/exec_from_thread \
	samples/fork \
	samples/fork_memory \
	samples/fork_then_pthread \
	samples/fork_vs_pthread \
	samples/namespaces \
	samples/orphan \
	samples/posix_spawn \
	samples/pthread_create \
	samples/refusals \
	samples/signal_targets \
	samples/subreaper \
	samples/thread_attributes \
	samples/thread_ids \
	samples/thread_stacks \
	samples/thread_storage \
	samples/unshare_in_thread \
	samples/vfork

samples_clone_linuxthreads_LDADD =
samples_clone_own_files_LDADD =
samples_clone_parent_LDADD =
samples_clone_with_vm_LDADD =
samples_clone_without_vm_LDADD =
samples_daemon_LDADD =
samples_eight_ways_LDADD = -lpthread
samples_endings_LDADD = -lpthread
samples_exec_from_thread_LDADD = -lpthread
samples_fork_LDADD =
samples_fork_memory_LDADD = -lpthread
samples_fork_then_pthread_LDADD = -lpthread
samples_fork_vs_pthread_LDADD = -lpthread
samples_namespaces_LDADD =
samples_orphan_LDADD =
samples_posix_spawn_LDADD =
samples_pthread_create_LDADD = -lpthread
samples_refusals_LDADD =
samples_signal_targets_LDADD = -lpthread
samples_subreaper_LDADD =
samples_thread_attributes_LDADD = -lpthread
samples_thread_ids_LDADD = -lpthread
samples_thread_stacks_LDADD = -lpthread
samples_thread_storage_LDADD = -lpthread
samples_unshare_in_thread_LDADD = -lpthread
samples_vfork_LDADD =

EXTRA_DIST += samples/README
