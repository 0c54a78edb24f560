#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Stacks and origins: who in the program asked for a task, in programs built in every way.
load common

setup_file() {
	source=$(cd "${top_srcdir:-$BATS_TEST_DIRNAME/../..}" && pwd)/tests/live/origins.c
	export source
	cd "$BATS_FILE_TMPDIR" || return
	compile plain -g -O2
}

# compile NAME OPTIONS...: builds NAME; false: the compiler cannot.
compile() {
	local name=$1
	shift
	${CC:-cc} -D_GNU_SOURCE -Wall -o "$BATS_FILE_TMPDIR/$name" "$@" "$source" -lpthread -ldl \
		2>"$BATS_FILE_TMPDIR/$name.log"
}

need() {
	"$CLTRACE" --version >version
	case $1 in
	stacks) ! grep -q "no unwinder" version || skip "cltrace was built without an unwinder" ;;
	names) need stacks && { ! grep -q "no libdw" version || skip "cltrace was built without libdw"; } ;;
	demangled)
		need names
		! grep -q "no libiberty" version || skip "cltrace was built without libiberty"
		;;
	esac
}

# look OPTIONS... -- PROGRAM ARGS...: the trace is in `trace`; nothing of it is folded.
look() {
	local options=()
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	limited "$CLTRACE" --width=0 "${options[@]}" -o trace -o json,origin:recording "$@" \
		>out 2>err </dev/null 3>&- ||
		fail "status $?: $*"
	valid recording
}

# at NAME: origins.c:LINE of that comment.
at() {
	echo "origins\.c:$(grep -n "/\* at $1 \*/" "$source" | cut -d: -f1)"
}

# tells_all WHERE: every way, from the function of its name. WHERE is a function that says where that is.
tells_all() {
	has trace "by pthread_create\(\) from by_pthread$($1 pthread)" "by fork\(\) from by_fork$($1 fork)" \
		"by vfork\(\) from by_vfork$($1 vfork)" "by posix_spawnp\(\) from by_spawn$($1 spawn)" \
		"(by system\(\) )?from by_system$($1 system)" "by popen\(\) from by_popen$($1 popen)" \
		"by syscall\(\) from by_syscall$($1 syscall)" "by syscall\(\) from by_refused$($1 refused)" \
		"by clone\(\) from by_clone$($1 clone)" "by thrd_create\(\) from by_thrd$($1 thrd)"
	lacks trace "looks like (fork|vfork|pthread_create|posix_spawn)\(\)"
}

with_line() {
	echo " at $(at "$1")\$"
}

with_offset() {
	echo "\+0x[0-9a-f]+ \(build\)\$"
}

# bats test_tags=memory
@test "with debug information, optimised" {
	need names
	look --origin -- "$BATS_FILE_TMPDIR/plain"
	tells_all with_line
}

@test "with debug information, not optimised; without frame pointers; in a place of its own (no PIE) or not (PIE)" {
	local options
	need names
	for options in -O0 '-O2 -fPIE -pie' '-O2 -fomit-frame-pointer -no-pie'; do
		echo "compiled with $options"
		# shellcheck disable=SC2086 # several words
		compile build -g $options
		look --origin -- "$BATS_FILE_TMPDIR/build"
		tells_all with_line
	done
}

# bats test_tags=memory
@test "by clang, whose debug information has no table of addresses" {
	need names
	command -v clang >/dev/null || skip "clang is missing"
	CC=clang compile build -g -O1 -Wno-unknown-attributes
	look --origin -- "$BATS_FILE_TMPDIR/build"
	tells_all with_line
}

# bats test_tags=memory,user
@test "without debug information" {
	need names
	compile build -O2
	look --origin -- "$BATS_FILE_TMPDIR/build"
	tells_all with_offset
}

@test "static" {
	need names
	compile build -g -O2 -static || skip "no static C library"
	look --origin -- "$BATS_FILE_TMPDIR/build"
	tells_all with_line
}

# Which of two addresses is the program's own, nobody can tell.
# bats test_tags=memory
@test "static and stripped: no address of the C library's is taken for the program's" {
	need names
	compile build -O2 -static || skip "no static C library"
	strip "$BATS_FILE_TMPDIR/build"
	look --origin -- "$BATS_FILE_TMPDIR/build"
	lacks trace 'from 0x' 'by .*\(\)'
	has trace 'origin not known: what asked the kernel has no name'
}

@test "stripped, the debug information in a file beside it" {
	need names
	cp "$BATS_FILE_TMPDIR/plain" build
	objcopy --only-keep-debug build build.debug
	objcopy --strip-all --add-gnu-debuglink=build.debug build
	look --origin -- ./build
	tells_all with_line
	mkdir .debug
	mv build.debug .debug
	look --origin -- ./build
	tells_all with_line
	printf x >>.debug/build.debug # not the one that belongs to it
	look --origin -- ./build
	has trace "from 0x[0-9a-f]+ \(build\)\$"
	lacks trace " at origins\.c:"
}

@test "stripped, the debug information in a folder of build ids" {
	need names
	[ "$(id -u)" = 0 ] || skip "needs root to mount"
	cp "$BATS_FILE_TMPDIR/plain" build
	id=$(readelf -n build | awk '/Build ID:/ { print $3 }')
	[ -n "$id" ] || fail "no build id"
	mkdir -p "debug/.build-id/${id:0:2}"
	objcopy --only-keep-debug build "debug/.build-id/${id:0:2}/${id:2}.debug"
	objcopy --strip-all build
	[ -d /usr/lib/debug ] && unshare -m mount --bind debug /usr/lib/debug 2>err ||
		skip "needs root that may mount on /usr/lib/debug"
	# shellcheck disable=SC2016 # for that shell
	limited unshare -m sh -c 'mount --bind "$0" /usr/lib/debug && exec "$@"' "$PWD/debug" \
		"$CLTRACE" --width=0 --origin -o trace ./build 3>&- || fail "status $?"
	tells_all with_line
}

# serve HOW: a server on this machine, at $server: "files" gives what is in served/, "silence" takes calls and says
# nothing. Each call is a line of served.log.
serve() {
	command -v python3 >/dev/null || skip "python3 is missing"
	python3 -c 'import ctypes; ctypes.CDLL("libdebuginfod.so.1")' 2>err || skip "libdebuginfod is missing"
	mkdir -p served
	python3 -u - "$1" >served.port 2>served.log 3>&- <<-'END' &
		import http.server, os, socket, sys
		os.chdir("served")
		if sys.argv[1] == "files":
		    server = http.server.HTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
		    print(server.server_port)
		    server.serve_forever()
		server = socket.create_server(("127.0.0.1", 0))
		print(server.getsockname()[1])
		kept = []
		while True:
		    kept.append(server.accept())
		    print("a call", file=sys.stderr)
	END
	subject=$!
	"$HELPERS/await" lines served.port 1
	export DEBUGINFOD_CACHE_PATH=$PWD/cache no_proxy='*'
	server=http://127.0.0.1:$(cat served.port)
}

@test "stripped, the debug information on a server: asked by -k alone, where the environment names it" {
	need names
	serve files
	cp "$BATS_FILE_TMPDIR/plain" build
	id=$(readelf -n build | awk '/Build ID:/ { print $3 }')
	mkdir -p "served/buildid/$id"
	objcopy --only-keep-debug build "served/buildid/$id/debuginfo"
	objcopy --strip-all build
	look -k -- ./build inlined
	lacks trace "put_into_main"
	DEBUGINFOD_URLS=$server look --origin -- ./build inlined
	lacks trace "put_into_main"
	lacks served.log "GET"
	DEBUGINFOD_URLS=$server look -k -- ./build inlined
	has trace "by fork\(\) from put_into_main at $(at inlined)"
	has served.log "GET /buildid/$id/debuginfo"
}

@test "a server that does not answer is asked once" {
	need names
	serve silence
	cp "$BATS_FILE_TMPDIR/plain" build
	objcopy --strip-all build
	DEBUGINFOD_URLS=$server DEBUGINFOD_TIMEOUT=4 look -k -- ./build
	has trace "#[0-9]+ 0x[0-9a-f]+ \(build\)"
	[ "$(wc -l <served.log)" = 1 ] || fail "asked again"
}

# bats test_tags=memory,user
@test "in a root of its own (chroot)" {
	need names
	[ "$(id -u)" = 0 ] || skip "needs root to change the root"
	mkdir root
	cp "$BATS_FILE_TMPDIR/plain" root/build
	ldd root/build | grep -o '/[^ ]*' | sort -u | while read -r file; do
		mkdir -p "root/${file%/*}"
		cp -L "$file" "root/$file"
	done
	look --origin -- chroot "$PWD/root" /build generations
	has trace "by fork\(\) from generations at origins\.c:[0-9]+"
}

@test "stripped: what has no name is given none" {
	need stacks
	objcopy --strip-all "$BATS_FILE_TMPDIR/plain" build
	look --origin -- ./build
	has trace "from 0x[0-9a-f]+ \(build\)\$"
	lacks trace "from [a-z_]+.* \(build\)\$"
}

# The code between two parts of a unit's is not of that unit: elfutils has it so.
@test "a function without debug information, amidst one that has some, gets no line of that" {
	need names
	cat >around.c <<-'END'
		#include <stdlib.h>
		void makes(void);
		int other(int a);
		int other(int a)
		{
			if (__builtin_expect(a == 5, 0))
				abort();
			return a * 5;
		}
		int main(int argc, char **argv)
		{
			(void)argv;
			makes();
			return other(argc) - 5;
		}
	END
	cat >makes.c <<-'END'
		#include <sys/wait.h>
		#include <unistd.h>
		void makes(void) { if (!fork()) _exit(0); wait(0); }
	END
	${CC:-cc} -g -O2 -c around.c
	${CC:-cc} -g0 -O2 -c makes.c
	${CC:-cc} -o build makes.o around.o
	look --origin -- ./build
	has trace "by fork\(\) from makes\+0x[0-9a-f]+ \(build\)\$"
}

# bats test_tags=memory
@test "inlined functions are frames" {
	need names
	look -k -- "$BATS_FILE_TMPDIR/plain" inlined
	has trace "by fork\(\) from put_into_main at $(at inlined)" \
		"#[0-9]+ put_into_main at $(at inlined) \(inlined\)" \
		"#[0-9]+ main\+0x[0-9a-f]+ at origins.c:[0-9]+ \(plain\)"
}

@test "a stack goes down to the program's first frame, a thread's to its own" {
	need names
	look -k -- "$BATS_FILE_TMPDIR/plain" thread
	has trace "#[0-9]+ _start\+.* \(plain\)" "#[0-9]+ thread_that_forks\+.* \(plain\)"
	lacks trace "cannot be found" "and more"
}

# Of the functions without unwind information, those between are seen by their frame pointers alone. Go set them up
# as `apart` does, before 1.21.
# bats test_tags=memory
@test "functions without unwind information: nothing is left out" {
	need names
	cat >without.c <<-'END'
		#include <sys/wait.h>
		#include <unistd.h>
		volatile int after;
		__attribute__((noinline)) void inner(void) { if (!fork()) _exit(0); wait(0); after++; }
		__attribute__((noinline)) void middle(void) { inner(); after++; }
	END
	cat >outer.c <<-'END'
		void apart(void);
		volatile int more;
		__attribute__((noinline)) void outer(void) { apart(); more++; }
		int main(void) { outer(); return 0; }
	END
	cat >apart.S <<-'END'
			.globl	apart
			.type	apart, @function
		apart:	sub	$24, %rsp
			mov	%rbp, 16(%rsp)
			lea	16(%rsp), %rbp
			call	middle
			mov	16(%rsp), %rbp
			add	$24, %rsp
			ret
			.size	apart, . - apart
			.section .note.GNU-stack, "", @progbits
	END
	${CC:-cc} -c apart.S
	local none=(-fno-asynchronous-unwind-tables -fno-unwind-tables -fno-exceptions) keep
	${CC:-cc} -O0 -fno-omit-frame-pointer -c outer.c
	for keep in -fno-omit-frame-pointer -fomit-frame-pointer; do
		${CC:-cc} -O1 "${none[@]}" "$keep" -c without.c
		${CC:-cc} -o without without.o outer.o apart.o
		look -k -- ./without
		grep -oE "#[0-9]+ (inner|middle|apart|outer|main)\+|\(what called" trace | sed 's/#[0-9]* //' >seen
		if [ "$keep" = -fomit-frame-pointer ]; then
			printf '%s\n' inner+ "(what called"
		else
			printf '%s\n' inner+ middle+ apart+ outer+ main+
		fi | diff - seen || fail "$keep"
	done
}

@test "a program's own functions, named as those of the C library are" {
	need names
	look --origin -- "$BATS_FILE_TMPDIR/plain" namesakes
	has trace "by pthread_create\(\) from create_thread at $(at create_thread)" \
		"by fork\(\) from daemon at $(at daemon)" "by system\(\) from do_system at $(at do_system)"
}

@test "a signal handler and what it interrupted, another program after exec" {
	need names
	look -k -- "$BATS_FILE_TMPDIR/plain" handler
	has trace "#[0-9]+ on_signal\+.* \(plain\)" "#[0-9]+ in_handler\+.* \(plain\)" "#[0-9]+ _start\+"
	need names
	cp "$BATS_FILE_TMPDIR/plain" other
	look --origin -- "$BATS_FILE_TMPDIR/plain" exec ./other inlined
	has trace "by fork\(\) from by_fork at $(at fork)" "by fork\(\) from put_into_main at $(at inlined)"
}

# bats test_tags=memory
@test "a stack of 10,000 frames" {
	need names
	look -k=20 -- "$BATS_FILE_TMPDIR/plain" deep
	has trace "by fork\(\) from by_fork at $(at fork)" "#19 deep\+" "and more: -k=N"
	lacks trace "#20 "
}

# bats test_tags=memory
@test "stacks without sense end, and the program runs on" {
	need stacks
	look -k -- "$BATS_FILE_TMPDIR/plain" broken
	if [ "$(uname -m)" = x86_64 ]; then
		[ "$(grep -c "cannot be found" trace)" = 5 ] || fail "not 5 stacks that are broken"
	fi
}

# bats test_tags=memory
@test "code without a file" {
	need stacks
	look -k -- "$BATS_FILE_TMPDIR/plain" jit
	[ "$(uname -m)" != x86_64 ] || has trace "#[0-9]+ 0x[0-9a-f]+ \(code without a file\)"
}

# bats test_tags=memory
@test "a copy of the memory has the same code" {
	need names
	look --origin -- "$BATS_FILE_TMPDIR/plain" generations
	[ "$(grep -c "by fork() from generations at" trace)" = 3 ] || fail "not three"
}

# Two libraries, in which the same line has different addresses.
make_libraries() {
	cat >a.c <<-'END'
		#include <sys/wait.h>
		#include <unistd.h>
		void in_library(void);
		volatile int after;
		static __attribute__((noinline)) void NAME(void) { PADDING if (!fork()) _exit(0); wait(0); }
		void in_library(void) { NAME(); after++; }
	END
	${CC:-cc} -DNAME=first_one -DPADDING= -g -O1 -shared -fPIC -o first.so a.c
	${CC:-cc} -DNAME=other_one '-DPADDING=after++;after++;' -g -O1 -shared -fPIC -o other.so a.c
}

# bats test_tags=memory
@test "libraries that are loaded, one in the place of another" {
	need names
	make_libraries
	look --origin -- "$BATS_FILE_TMPDIR/plain" libraries ./first.so ./other.so ./first.so
	grep -o "from [a-z]*_one at a.c:5" trace >seen
	printf 'from %s_one at a.c:5\n' first other first | diff - seen || fail "not one after the other"
}

# walks PROGRAM ARGS...: stacks are remembered, and each is what a walk finds, for the origin and with -k.
walks() {
	limited "$HELPERS/walks" -k "$@" >walks 2>err </dev/null 3>&- || fail "status $?: $(tail -1 walks): $*"
	limited "$HELPERS/walks" "$@" >walks 2>err </dev/null 3>&- || fail "status $?: $(tail -1 walks): $*"
	"$CLTRACE" --version >version
	# libdw reads each register that a frame has saved, so more has to be the same for it.
	local remembered='[1-9][0-9]*'
	! grep -q "libdw unwinds" version || remembered='[0-9]*'
	grep -q "creations, $remembered remembered, 0 wrong" walks || fail "$(tail -1 walks): $*"
}

# bats test_tags=memory
@test "a stack that is remembered is what a walk finds" {
	need names
	walks "$BATS_FILE_TMPDIR/plain" again
	make_libraries
	# shellcheck disable=SC2046 # several words are wanted
	walks "$BATS_FILE_TMPDIR/plain" libraries $(printf './first.so ./other.so ./first.so %.0s' 1 2 3)
}

# bats test_tags=memory
@test "a debug file that is cut off meanwhile" {
	need names
	cp "$BATS_FILE_TMPDIR/plain" build
	objcopy --only-keep-debug build build.debug
	objcopy --strip-all --add-gnu-debuglink=build.debug build
	look -k -- ./build cut build.debug
	has trace "by fork\(\) from by_fork at $(at fork)" "by vfork\(\) from 0x[0-9a-f]+ \(build\)"
}

# bats test_tags=memory,user
@test "attached" {
	need names
	mkfifo ask
	"$BATS_FILE_TMPDIR/plain" asked <ask >pid 3>&- 7>&- &
	subject=$!
	exec 7>ask
	"$HELPERS/await" lines pid 1
	limited "$CLTRACE" --origin -o trace -p "$subject" 2>err 3>&- 7>&- &
	tracer=$!
	"$HELPERS/await" text trace "already there"
	echo >&7
	wait "$tracer" "$subject"
	has trace "by fork\(\) from by_fork at $(at fork)"
}

# bats test_tags=memory
@test "C++: std::thread, and names as they are written" {
	need demangled
	command -v g++ >/dev/null || skip "g++ is missing"
	cat >a.cc <<-'END'
		#include <thread>
		namespace house { struct Worker { void start(int count); }; }
		#define APART __attribute__((noinline))
		APART void house::Worker::start(int count) { std::thread t([=] { (void)count; }); t.join(); }
		int main() { house::Worker worker; worker.start(3); }
	END
	for options in "-g -O2" "-g -O0"; do
		# shellcheck disable=SC2086
		g++ $options -o cc a.cc -lpthread
		look --origin -- ./cc
		has trace "by std::thread from house::Worker::start\(int\) at a\.cc:4"
	done
}

# bats test_tags=memory
@test "Rust: its threads, and names as they are written" {
	need demangled
	command -v rustc >/dev/null || skip "rustc is missing"
	cat >a.rs <<-'END'
		mod house { #[inline(never)] pub fn start() { std::thread::spawn(|| 1).join().unwrap(); } }
		fn main() { house::start(); }
	END
	rustc -g a.rs -o rust 2>rust.log || skip "rustc cannot build here"
	look --origin -- ./rust
	has trace "by std::thread from a::house::start( at a\.rs:1|\+)"
}

# build_go NAME OPTIONS...: the program NAME of NAME.go.
build_go() {
	GOFLAGS='' GO111MODULE=off GOTOOLCHAIN=local GOCACHE=$BATS_FILE_TMPDIR/go HOME=$PWD \
		go build -o "$1" "${@:2}" "$1.go" 2>go.log || skip "go cannot build here: $(tail -n 1 go.log)"
}

# All of a Go stack is found, whatever of the runtime's and of the standard library's is on the way.
go_is_known() {
	has trace "by Go's runtime\$"
	lacks trace "cannot be found" "has no name" \
		"from (_cgo|x_cgo|runtime|internal|syscall|os|sync)[^ ]* at" "from 0x"
}

# bats test_tags=memory
@test "Go: its runtime and library, which have stacks of their own, and the program's own code" {
	need names
	command -v go >/dev/null || skip "go is missing"
	cat >house.go <<-'END'
		package main
		import ("os"; "os/exec"; "runtime"; "syscall")
		func locks(done chan bool) { runtime.LockOSThread(); done <- true }
		//go:noinline
		func runs() { exec.Command("true").Run() }
		//go:noinline
		func starts() { p, _ := os.StartProcess("/bin/true", []string{"true"}, &os.ProcAttr{}); p.Wait() }
		//go:noinline
		func contains() {
			c := exec.Command("true")
			c.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWUSER}
			c.CombinedOutput()
		}
		//go:noinline
		func raw() { syscall.RawSyscall6(syscall.SYS_CLONE, syscall.CLONE_THREAD, 0, 0, 0, 0, 0) }
		func main() { done := make(chan bool); go locks(done); <-done; runs(); starts(); contains(); raw() }
	END
	for options in "" "-ldflags=-s" "-buildmode=pie -ldflags=-s"; do # -s: stripped
		# shellcheck disable=SC2086
		build_go house $options
		look --origin -- ./house
		go_is_known
		has trace "by os/exec\.\(\*Cmd\)\.Run\(\) from main\.runs at house\.go:5\$" \
			"by os\.StartProcess\(\) from main\.starts at house\.go:7\$" \
			"by os/exec\.\(\*Cmd\)\.CombinedOutput\(\) from main\.contains at house\.go:12\$" \
			"by syscall\.RawSyscall6\(\) from main\.raw at house\.go:15\$"
	done
}

@test "Go and C: from each of them to the other, and what the runtime has in C" {
	need names
	command -v go >/dev/null || skip "go is missing"
	cat >both.go <<-'END'
		package main
		// #include <pthread.h>
		// #include <stdlib.h>
		// static void *run(void *argument) { return argument; }
		// __attribute__((noinline)) static void thread(void)
		// {
		//	pthread_t thread; pthread_create(&thread, 0, run, 0); pthread_join(thread, 0);
		// }
		// extern void back(void);
		// static void calls(void) { back(); }
		import "C"
		import "os/exec"
		//export back
		func back() { exec.Command("true").Run() }
		//go:noinline
		func inC() { C.thread(); C.system(C.CString("true")); C.calls() }
		func main() { inC() }
	END
	build_go both
	look --origin -- ./both
	go_is_known
	has trace "by pthread_create\(\) from thread at both\.go:7\$" \
		"by system\(\) from main\.inC at both\.go:16\$" \
		"by os/exec\.\(\*Cmd\)\.Run\(\) from main\.back at both\.go:14\$"
	for options in "" "-buildmode=pie"; do
		# shellcheck disable=SC2086
		build_go both $options -ldflags="-s -w -linkmode=external"
		look --origin -- ./both
		go_is_known
		has trace "by pthread_create\(\) from main\.inC at both\.go:16\$" \
			"by system\(\) from main\.inC at both\.go:16\$" \
			"by os/exec\.\(\*Cmd\)\.Run\(\) from main\.back at both\.go:14\$"
	done
	look -k=100 -- ./both
	has trace "runtime\.cgocallback.*" "runtime\.asmcgocall.*" "#[0-9]+ main\.main.*" "#[0-9]+ runtime\.goexit.*"
}

# bats test_tags=memory,user
@test "32-bit code: it is said that there is no stack" {
	need stacks
	need_actor32
	look --origin -- "$ACTOR32" fork 1
	has trace "origin not known: 32-bit code cannot be unwound"
	look -k -- "$ACTOR32" fork 1
	has trace "\(32-bit code cannot be unwound by this cltrace\)"
}

# bats test_tags=memory
@test "musl, whose functions have no unwind information: nothing is guessed" {
	need names
	command -v musl-gcc >/dev/null || skip "musl-gcc is missing"
	musl-gcc -D_GNU_SOURCE -DNO_THREADS_H -g -O2 -o build "$source" 2>build.log || skip "musl-gcc is missing"
	look --origin -- ./build
	has trace "from by_vfork at $(at vfork)"
	lacks trace "by _Fork\(\)"
}

# bats test_tags=memory
@test "Python's threads" {
	need names
	command -v python3 >/dev/null || skip "python3 is missing"
	look --origin -- python3 -c 'import threading; t = threading.Thread(target=int); t.start(); t.join()'
	has trace "by Python's threading from "
}

@test "Node's threads" {
	need names
	command -v node >/dev/null || skip "node is missing"
	look --origin -- node -e 0
	has trace "by libuv from "
	! grep -q "no libthread_db" version || skip "cltrace was built without libthread_db"
	has recording '"pthread":[0-9]+,"start":\{"ip":[0-9]+.*\},"argument":[0-9]+'
}

# bats test_tags=user
@test "a program that may not be read" {
	need names
	local command=("$CLTRACE") folder=$PWD
	cp "$BATS_FILE_TMPDIR/plain" unreadable
	chmod 111 unreadable
	if [ "$(id -u)" = 0 ]; then
		type -P setpriv >/dev/null || skip "setpriv is missing"
		cp "$CLTRACE" tracer
		while [[ $folder == "$BATS_RUN_TMPDIR"* ]]; do
			chmod a+x "$folder"
			folder=${folder%/*}
		done
		command=(setpriv --reuid=65534 --regid=65534 --clear-groups ./tracer)
	fi
	limited "${command[@]}" -k --width=0 ./unreadable inlined 2>trace </dev/null 3>&- || fail "status $?"
	has trace "looks like fork\(\)" "^ +\(the task's registers or memory cannot be read\)$"
	lacks trace "no code" "from "
}

# bats test_tags=memory,user
@test "what a new thread runs" {
	need names
	look --origin -- "$BATS_FILE_TMPDIR/plain"
	has trace "runs child\(0x0\) at $(at child)\$"
	has recording '"by":"clone\(\)".*"start":\{.*"function":"child"'
	has trace "pthread_t $(grep -om1 'tls=0x[0-9a-f]*' trace | cut -d= -f2) is LWP [0-9]+\$"
	! grep -q "no libthread_db" version || skip "cltrace was built without libthread_db"
	has trace "runs thread\(0x7\) at $(at thread); pthread_t 0x[0-9a-f]+ is LWP [0-9]+\$"
	lacks trace "its stack is"
}

# bats test_tags=memory
@test "what a new thread of a static program runs" {
	need names
	! grep -q "no libthread_db" version || skip "cltrace was built without libthread_db"
	compile build -g -O2 -static || skip "no static C library"
	look --origin -- "$BATS_FILE_TMPDIR/build"
	has trace "runs thread\(0x7\) at $(at thread); pthread_t 0x[0-9a-f]+ is LWP [0-9]+\$"
}

@test "the stack of a new thread, and its guard, as the thread itself knows them" {
	need names
	look -k -- "$BATS_FILE_TMPDIR/plain" attributes
	grep -q 'clone3(.*stack=' trace || skip "threads are not made by clone3 here"
	read -r word base guard <out
	[ "$word" = attributes ] || fail "$(cat out)"
	has trace "^ +its stack is $base\+0x[0-9a-f]+ above a guard of $guard bytes\$"
	has recording "\"new_stack\":$((base)),\"new_stack_size\":[0-9]+,\"new_stack_guard\":$guard"
}

@test "the memory that a stack of clone lies in, which musl's threads have to themselves" {
	need names
	look -k -- "$BATS_FILE_TMPDIR/plain"
	has trace "^ +its stack is in the memory 0x[0-9a-f]+\+0x[0-9a-f]+\$"
	command -v musl-gcc >/dev/null || skip "musl-gcc is missing"
	musl-gcc -D_GNU_SOURCE -DNO_THREADS_H -g -O2 -o build "$source" || skip "musl-gcc is missing"
	look -k -- ./build attributes
	read -r word base guard <out
	[ "$word" = attributes ] || fail "$(cat out)"
	has trace "^ +its stack is in the memory $base\+0x[0-9a-f]+ above a guard of $guard bytes\$"
	has recording "\"stack_mapping\":$((base)),\"stack_mapping_size\":[0-9]+,\"stack_mapping_guard\":$guard"
}

# madvised PROGRAM: sets base and guard for a stack that PROGRAM guards by madvise(MADV_GUARD_INSTALL).
madvised() {
	local word
	look -k -- "$1" madvised
	read -r word base guard <out
	[ "$word" != refused ] || skip "this kernel does not tell of guards made by madvise (Linux 6.15)"
	[ "$word" = madvised ] || fail "$(cat out)"
}

# bats test_tags=memory
@test "a guard that is made by madvise: of a stack of clone3" {
	need names
	madvised "$BATS_FILE_TMPDIR/plain"
	grep -q 'clone3(.*stack=' trace || skip "this C library makes threads without clone3"
	has trace "^ +its stack is $base\+0x[0-9a-f]+ above a guard of $guard bytes\$"
	has recording "\"new_stack\":$((base)),\"new_stack_size\":[0-9]+,\"new_stack_guard\":${guard}[,}]"
}

@test "a guard that is made by madvise: of the memory that a stack of clone lies in" {
	need names
	command -v musl-gcc >/dev/null || skip "musl-gcc is missing"
	musl-gcc -D_GNU_SOURCE -DNO_THREADS_H -g -O2 -o build "$source" || skip "musl-gcc is missing"
	madvised ./build
	has trace "^ +its stack is in the memory $base\+0x[0-9a-f]+ above a guard of $guard bytes\$"
	has recording "\"stack_mapping\":$((base)),\"stack_mapping_size\":[0-9]+,\"stack_mapping_guard\":${guard}[,}]"
}

@test "what a new thread runs, by musl" {
	need names
	command -v musl-gcc >/dev/null || skip "musl-gcc is missing"
	musl-gcc -D_GNU_SOURCE -DNO_THREADS_H -g -O2 -o build "$source" || skip "musl-gcc is missing"
	look --origin -- ./build
	has trace "runs thread\(0x7\) at $(at thread); pthread_t 0x[0-9a-f]+ is LWP [0-9]+\$"
}

# bats test_tags=user
@test "names that tasks give themselves" {
	need stacks
	look --origin -- "$BATS_FILE_TMPDIR/plain" names
	grep -o 'is now named .*' trace >seen
	printf 'is now named "%s"\n' 'the first of th' 'a "b"\n' end | diff - seen || fail "other names"
	has trace "^├─[0-9]+ thread .* a \"b\"\\\\n\$" "^└─[0-9]+ thread .* end\$"
	has recording '"kind":"name","tid":[0-9]+,"name":"the first of th"'
	"$CLTRACE" --replay recording --origin --width=0 -o again
	diff trace again || fail "replayed otherwise"
	# they are no origins, and are shown where these are not
	limited "$CLTRACE" --no-origin --width=0 -o trace -o json,no-origin:recording \
		"$BATS_FILE_TMPDIR/plain" names 3>&-
	has trace 'is now named "end"$' "^└─[0-9]+ thread .* end\$"
	has recording '"kind":"name"'
	limited "$CLTRACE" -q -o trace --debug-stops=stops "$BATS_FILE_TMPDIR/plain" names 3>&-
	lacks trace "is now named"
	lacks stops '^begin .*names='
}

# bats test_tags=memory
@test "stacks, origins and flame graphs, live and from a recording, and origins in the summary" {
	need stacks
	local options
	for options in -k --origin; do
		limited "$CLTRACE" $options -o trace -o json:recording "$BATS_FILE_TMPDIR/plain" >out 2>err 3>&-
		valid recording
		"$CLTRACE" --replay recording $options -o again
		diff trace again || fail "$options: replayed otherwise"
	done
	need names
	limited "$CLTRACE" -o run.folded -o json:recording -o summary,origin:table \
		"$BATS_FILE_TMPDIR/plain" generations 2>err 3>&-
	has run.folded "^plain;_start;.*main;.*;generations;.*_Fork.* 1$"
	[ "$(awk '{ n += $NF } END { print n }' run.folded)" = 3 ] || fail "not 3 tasks"
	"$CLTRACE" --replay recording -o again.folded
	diff run.folded again.folded
	has table "^ +3 .* by fork\(\) from generations at origins\.c:[0-9]+$"
}

# Lines that tell who made a task, or what it runs.
told='^ +(by [^ ]+ )?from |^ +runs [^/]'

@test "origins are told of launched programs, but not without being asked for: -q, --no-origin" {
	need names
	for options in "" --seccomp=no -v --origin "--no-origin --origin" "-q --origin"; do
		# shellcheck disable=SC2086 # several options
		limited "$CLTRACE" --width=0 $options -o trace -o json:recording "$BATS_FILE_TMPDIR/plain" inlined \
			>out 2>err 3>&- || fail "status $?"
		has trace "^ +by fork\(\) from put_into_main at $(at inlined)$"
		lacks trace "looks like fork"
		has recording '"stack_end":"origin"'
		valid recording
	done
	for options in -q --no-origin "--origin --no-origin" "-k --no-origin" "-v --no-origin"; do
		# shellcheck disable=SC2086
		limited "$CLTRACE" --width=0 $options -o trace "$BATS_FILE_TMPDIR/plain" inlined >out 2>err 3>&- ||
			fail "status $?"
		lacks trace "$told" "stack:"
		[ "$options" = -q ] || has trace "looks like fork\(\)$"
	done
	limited "$CLTRACE" --no-origin -o json:recording "$BATS_FILE_TMPDIR/plain" inlined >out 2>err 3>&-
	lacks recording '"stack|"start"|"pthread"'
}

# bats test_tags=memory
@test "each output has its own origin and stack, and a replay can leave them out" {
	need names
	limited "$CLTRACE" -o with -o text,no-origin:without -o text,quiet:quiet -o text,q,k:deep -o json:recording \
		"$BATS_FILE_TMPDIR/plain" >out 2>err 3>&-
	has with "by fork\(\) from "
	has deep "^ +by fork\(\) from " "^ +runs " "^ +stack:$" "^ +#0 "
	lacks without "$told" "stack:"
	lacks quiet "$told" "stack:"
	"$CLTRACE" --replay recording -o again
	diff with again
	"$CLTRACE" --replay recording --no-origin -o again
	diff without again
	"$CLTRACE" --replay recording -q -o again
	diff quiet again
	"$CLTRACE" --replay recording -qk -o again
	diff deep again
	# -k for one output alone
	limited "$CLTRACE" -o text,stack-trace=2:deep -o flat "$BATS_FILE_TMPDIR/plain" inlined 2>err 3>&-
	has deep "#1 " "and more"
	lacks deep "#2 "
	lacks flat "#1 " "stack:"
	has flat "from 0x|from put_into_main"
}

@test "what a program made is counted by origin, the ten that made most" {
	need names
	{
		echo '#include <unistd.h>'
		echo '#include <sys/wait.h>'
		for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
			echo "__attribute__((noinline)) static void f$i(void)"
			echo "{ for (int i = 0; i < $i; i++) { if (!fork()) _exit(0); wait(0); } }"
		done
		echo 'int main(void) { f1(); f2(); f3(); f4(); f5(); f6(); f7(); f8(); f9(); f10(); f11(); f12(); }'
	} >many.c
	${CC:-cc} -g -O0 -o many many.c
	limited "$CLTRACE" -o summary:table -o summary,origin:all -o summary,no-origin:none \
		-o summary,json:object ./many
	has table "^ *78 +100\.0 .*  *fork\(\)$" "^ *12 .* by fork\(\) from f12 at many\.c:" \
		"^ *3 .* from f3 at many\.c:" \
		"^and 2 more origins of 3 tasks: --origin shows all$"
	lacks table "from f2 " "LOOKS LIKE"
	has all "^ *1 .* by fork\(\) from f1 at"
	lacks all "more origins"
	has none "^ *78 +100\.0 .* looks like fork\(\)$"
	lacks none ORIGIN "from f"
	has object '"library_calls":\[\{"name":"fork\(\)","seen":true,"count":78,' '"name":"by fork\(\) from f1 at '
}

@test "attached processes are not looked at for their origins" {
	need names
	mkfifo ask
	"$BATS_FILE_TMPDIR/plain" asked <ask >pid 3>&- 7>&- &
	subject=$!
	exec 7>ask
	"$HELPERS/await" lines pid 1
	limited "$CLTRACE" -o trace -o json:recording -p "$subject" 2>err 3>&- 7>&- &
	tracer=$!
	"$HELPERS/await" text trace "already there"
	echo >&7
	wait "$tracer" "$subject"
	has trace "looks like fork\(\)"
	lacks trace "$told"
	lacks recording '"stack'
}

# bats test_tags=bare
@test "without an unwinder it is said, and with one there are stacks" {
	"$CLTRACE" --version >version
	if grep -q "no unwinder" version; then
		limited "$CLTRACE" -o trace "$BATS_FILE_TMPDIR/plain" inlined 2>err 3>&- || fail "status $?"
		[ ! -s err ] || fail "something is said: $(cat err)"
		has trace "looks like fork\(\)$"
	fi
	for option in -k --origin; do
		status=0
		"$CLTRACE" $option -o trace "$BATS_FILE_TMPDIR/plain" inlined 2>err 3>&- || status=$?
		if grep -q "no unwinder" version; then
			[ $status = 125 ] || fail "$option: status $status"
			[ "$(wc -l <err)" = 1 ] || fail "$option: more than one line"
			has err "^cltrace: $option cannot be had: "
		else
			[ $status = 0 ] || fail "$option: status $status"
			has trace "^ +(by fork\(\) )?from "
		fi
	done
}

# bats test_tags=bare
@test "without libdw it is said that there are no names" {
	need stacks
	limited "$CLTRACE" -k -o trace "$BATS_FILE_TMPDIR/plain" inlined 2>err 3>&- || fail "status $?"
	if grep -q "no libdw" version; then
		[ "$(wc -l <err)" = 1 ] || fail "not one line: $(cat err)"
		has err "^cltrace: -k shows no names and lines: "
		has trace "^ +#0 0x[0-9a-f]+ \("
	else
		[ ! -s err ] || fail "something is said: $(cat err)"
	fi
	limited "$CLTRACE" -o trace "$BATS_FILE_TMPDIR/plain" inlined 2>err 3>&- || fail "status $?"
	[ ! -s err ] || fail "something is said without -k: $(cat err)"
}
