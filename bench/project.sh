#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes ready what the benchmark configures and builds: cltrace itself, a copy of it. project.sh configure|make DIR SOURCE
set -e
what=$1 dir=$2 source=$3

# Named files alone: SOURCE may have been configured, and hold builds.
if [ ! -d "$dir/source" ]; then
	mkdir "$dir/source.new"
	for file in Makefile.am Makefile.in aclocal.m4 bench build-aux config.h.in configure configure.ac man samples share \
		src tests; do
		cp -pR "$source/$file" "$dir/source.new"
	done
	find "$dir/source.new" \( -name '*.o' -o -name '*.a' -o -name .dirstamp \) -exec rm {} +
	mv "$dir/source.new" "$dir/source"
fi
unset MAKEFLAGS MFLAGS MAKELEVEL # of the `make bench` that runs all this
case $what in
configure)
	rm -rf "$dir/configure"
	mkdir "$dir/configure"
	;;
make)
	if [ ! -f "$dir/make/Makefile" ]; then
		mkdir -p "$dir/make"
		# Whatever the time stamps say: nothing is to be generated anew.
		(cd "$dir/make" && "$dir/source/configure" -q ACLOCAL=: AUTOCONF=: AUTOHEADER=: AUTOMAKE=:)
	fi
	make -s -C "$dir/make" clean
	;;
esac
