#!/usr/bin/env bash
# Installs the C library: headers, static and shared library, pkg-config file, CMake package.
#
#     mixdsp-c/install.sh PREFIX        /usr/local where none is given; DESTDIR goes before it
#
# LIBDIR and INCLUDEDIR are lib and include below the prefix unless they are set.
set -eu
cd "$(dirname "$0")/.."
prefix=${1:-/usr/local}
case $prefix in /*) ;; *) prefix=$PWD/$prefix ;; esac
libdir=${LIBDIR:-lib} includedir=${INCLUDEDIR:-include}
into=${DESTDIR:-}$prefix

built=$(mixdsp-c/build.sh)
version=$(sed -n 's/^#define MIXDSP_VERSION  *"\(.*\)"/\1/p' mixdsp-c/include/mixdsp_params.h)
abi=$(sed -n 's/^#define MIXDSP_ABI \([0-9]*\)u.*/\1/p' mixdsp-c/include/mixdsp.h)
case $(uname -s) in
    Darwin) shared=libmixdsp.$version.dylib soname=libmixdsp.$abi.dylib name=libmixdsp.dylib ;;
    *) shared=libmixdsp.so.$version soname=libmixdsp.so.$abi name=libmixdsp.so ;;
esac

mkdir -p "$into/$includedir" "$into/$libdir/pkgconfig" "$into/$libdir/cmake/mixdsp"
install -m 644 mixdsp-c/include/mixdsp.h mixdsp-c/include/mixdsp_params.h mixdsp-c/include/mixdsp.hpp \
    "$into/$includedir"
install -m 644 "$built/libmixdsp.a" "$into/$libdir"
install -m 755 "$built/$name" "$into/$libdir/$shared"
ln -sf "$shared" "$into/$libdir/$soname"
ln -sf "$soname" "$into/$libdir/$name"

fill() {
    sed -e "s|@PREFIX@|$prefix|g" -e "s|@LIBDIR@|$libdir|g" -e "s|@INCLUDEDIR@|$includedir|g" \
        -e "s|@VERSION@|$version|g" -e "s|@SHARED@|$shared|g" -e "s|@SONAME@|$soname|g" "$1" > "$2"
}
fill mixdsp-c/mixdsp.pc.in "$into/$libdir/pkgconfig/mixdsp.pc"
fill mixdsp-c/cmake/mixdsp-config.cmake.in "$into/$libdir/cmake/mixdsp/mixdsp-config.cmake"
fill mixdsp-c/cmake/mixdsp-config-version.cmake.in "$into/$libdir/cmake/mixdsp/mixdsp-config-version.cmake"
echo "installed mixdsp $version in $into"
