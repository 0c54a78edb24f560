#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Compares the pages of --explain, and the list of all sentences, with tests/golden/pages/NAME.txt.
#
# pages.sh --update rewrites them: read the difference before you commit it.
cd "${top_srcdir:-$(dirname "$0")/../..}" || exit 99
cltrace=${CLTRACE:-build/cltrace}
texts=${TEXTS:-build/tests/golden/texts}
out=$(mktemp) || exit 99
trap 'rm -f "$out"' EXIT
export LC_ALL=C
unset NO_COLOR TERM

pages="fork pthread_create posix_spawn linuxthreads mask thread_mask two_masks refused_mask strace_clone \
	strace_clone3 strace_refused perf unshare setns fork_pthread spawns same flags all_flags color texts"

# page NAME: what to explain for it.
page() {
	case $1 in
	fork | posix_spawn | linuxthreads) explain "$1" ;;
	pthread_create) explain -v "$1" ;;
	mask) explain 0x1200011 ;;
	thread_mask) explain 0x3d0f00 ;;
	two_masks) explain 0x3d0f00 0x4111 ;;
	refused_mask) explain -v 'CLONE_THREAD|CLONE_NEWPID' ;;
	strace_clone) explain '[pid 12540] clone(child_stack=NULL, flags=CLONE_PARENT|SIGCHLD) = 12553' ;;
	strace_clone3)
		explain 'clone3({flags=CLONE_INTO_CGROUP|CLONE_CLEAR_SIGHAND, exit_signal=SIGCHLD, cgroup=3}, 88) = 7'
		;;
	strace_refused) explain 'clone(child_stack=NULL, flags=CLONE_THREAD|SIGCHLD) = -1 EINVAL (Invalid argument)' ;;
	perf)
		explain ' 3.4 ( 0.1 ms): sh/63 clone(clone_flags: CHILD_SETTID|0x11, child_tidptr: 0x10) = 9'
		;;
	unshare) explain --call=unshare 'CLONE_NEWUSER|CLONE_NEWPID' ;;
	setns) explain 'setns(3, CLONE_NEWNS) = 0' ;;
	fork_pthread) explain fork pthread_create ;;
	spawns) explain posix_spawn vfork system goroutine ;;
	same) explain system popen ;;
	flags) explain ;;
	all_flags) explain -v ;;
	color) explain --color=always 0x10900 ;;
	texts) "$texts" ;;
	esac
}

explain() {
	"$cltrace" --width=80 --explain "$@"
}

# shellcheck disable=SC2086
set -- "${1-}" $pages
update=$1
shift
[ "$update" ] || echo "1..$#"
number=0
for name; do
	number=$((number + 1))
	page "$name" >"$out" 2>&1
	status=$?
	if [ "$update" = --update ]; then
		[ $status = 0 ] || { echo "$name: $(tail -n1 "$out")" >&2; exit 1; }
		cat "$out" >"tests/golden/pages/$name.txt"
	elif [ $status = 0 ] && difference=$(diff -u "tests/golden/pages/$name.txt" "$out"); then
		echo "ok $number - $name"
	else
		echo "not ok $number - $name"
		{ echo "status $status"; echo "$difference"; } | sed 's/^/# /'
	fi
done
