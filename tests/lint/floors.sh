#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Keeps the floors: which folder of src/ may include which, and where headers of other libraries may be.
cd "${top_srcdir:-$(dirname "$0")/../..}" || exit 99
echo "1..3"

# result NUMBER NAME COMPLAINTS
result() {
	if [ -z "$3" ]; then
		echo "ok $1 - $2"
	else
		echo "not ok $1 - $2"
		echo "$3" | sed 's/^/# /'
	fi
}

# Every include as "file<TAB>line number<TAB>header with its quotes or brackets".
# shellcheck disable=SC2016
includes=$(find src -name '*.[ch]' | sort | xargs awk '
	/^[ \t]*#[ \t]*include/ { sub(/^[ \t]*#[ \t]*include[ \t]*/, ""); sub(/[ \t]*(\/\*.*|\/\/.*)?$/, "");
				  print FILENAME "\t" FNR "\t" $0 }')

result 1 "folders include only their own floor and those below" "$(echo "$includes" | awk -F'\t' '
	BEGIN {
		may["base"] = "base"
		may["abi"] = "base abi"
		may["clone"] = "base abi clone"
		may["teach"] = "base abi clone teach"
		may["event"] = "base abi clone event"
		may["follow"] = "base abi clone event follow"
		may["snapshot"] = "base abi clone event snapshot"
		may["model"] = "base abi clone event model"
		may["source"] = "base abi clone event follow snapshot source"
		may["render"] = "base abi clone teach event model snapshot render"
		may["sink"] = "base abi clone teach event model snapshot render sink"
		may["page"] = "base abi clone teach event model render page"
		may["cli"] = "base abi clone teach event follow model snapshot source render sink page cli"
		# the rooms of source
		room["arch"] = "arch"
		room["kernel"] = "kernel"
		room["stack"] = "arch kernel stack"
		room["ptrace"] = "arch kernel stack ptrace"
		room["replay"] = "kernel replay"
		room["snapshot"] = "kernel snapshot"
	}
	$3 ~ /^"/ {
		split($1, path, "/")
		header = substr($3, 2, length($3) - 2)
		folder = header
		sub(/\/.*/, "", folder)
		if (!(path[2] in may))
			print $1 ": a folder without a row in tests/lint/floors.sh"
		else if (header !~ /\//)
			print $1 ":" $2 ": \"" header "\": write the folder too"
		else if (index(" " may[path[2]] " ", " " folder " ") == 0)
			print $1 ":" $2 ": " path[2] " must not include " folder
		else if (path[2] == "source") {
			if (!(path[3] in room))
				print $1 ": a room without a row in tests/lint/floors.sh"
			split(header, part, "/")
			if (folder == "source" && index(" " room[path[3]] " ", " " part[2] " ") == 0)
				print $1 ":" $2 ": source/" path[3] " must not include source/" part[2]
		}
	}')"

# A header that is neither in this list nor in the next table is a new dependency: it wants a row, and a reason.
system='assert ctype dirent elf errno fcntl fnmatch getopt grp inttypes langinfo limits locale poll pthread pwd sched'
system="$system signal spawn stdarg stdatomic stdbool stddef stdint stdio stdlib string strings syscall termios time"
system="$system unistd wchar"

result 2 "headers of other libraries are where they belong" "$(echo "$includes" |
	awk -F'\t' -v system_headers="$system" '
	BEGIN {
		n = split(system_headers, word, " ")
		for (i = 1; i <= n; i++)
			known[word[i] ".h"] = 1
		place["uthash|utlist|utarray"] = "^src/(base|follow|model|source|render|sink|page|cli)/"
		place["json"] = "^src/event/decode(_scalar)?\\.c$"
		place["seccomp"] = "^src/source/ptrace/seccomp_filter\\.c$"
		place["libunwind"] = "^src/source/stack/unwind_libunwind\\.c$"
		place["libiberty|demangle"] = "^src/source/stack/demangle\\.c$"
		place["elfutils|dwarf"] = "^src/source/stack/(symbol|unwind_libdw)\\.c$"
		place["setjmp"] = "^src/source/(ptrace/seize|stack/demangle)\\.c$"
		place["thread_db|proc_service"] = "^src/source/stack/threads\\.c$"
		place["libsmartcols"] = "^src/render/table\\.c$"
		place["curses|ncurses"] = "^src/screen/"
	}
	$3 ~ /^</ {
		header = substr($3, 2, length($3) - 2)
		if (header in known || header ~ /^(sys|linux|asm)\//)
			next
		where = ""
		for (library in place)
			if (header ~ "^(" library ")")
				where = place[library]
		if (where == "")
			print $1 ":" $2 ": <" header ">: not known to tests/lint/floors.sh"
		else if ($1 !~ where)
			print $1 ":" $2 ": <" header "> belongs to " where
	}')"

# It does not compile beside <linux/ptrace.h>, so one file holds every ptrace(2) call.
result 3 "one file includes <sys/ptrace.h>" "$(echo "$includes" | awk -F'\t' '
	$3 == "<sys/ptrace.h>" && $1 != "src/source/ptrace/sys.c" { print $1 ":" $2 ": it is for sys.c alone" }')"
