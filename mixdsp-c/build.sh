#!/usr/bin/env bash
# Builds the C library and prints the folder where it lies: libmixdsp.a and libmixdsp.so (.dylib on macOS).
#
#     mixdsp-c/build.sh [TARGET]        a Rust target triple; static library alone where it has no shared ones
#
# A Rust static library also carries Rust's own copies of sqrt, fmod and of compiler routines, and a C
# program linked with it would take them in place of its system's. So the archive keeps one object: ours. It
# needs memcpy, memmove and memset, which every C toolchain has. Without an operating system (-none targets)
# all is kept, because there may be nothing else to take it from.
set -eu
cd "$(dirname "$0")/.."
target=${1:-} types=staticlib,cdylib
case $target in *-none*) types=staticlib ;; esac
# shellcheck disable=SC2086
${CARGO:-cargo} rustc --quiet -p mixdsp-c --profile capi --features standalone --crate-type $types \
    ${target:+--target "$target"} >&2
built=${CARGO_TARGET_DIR:-target}${target:+/$target}/capi
case $built in /*) ;; *) built=$PWD/$built ;; esac

cd "$built"
rm -f libmixdsp.a
case $target in
    *-none*) cp libmixdsp_c.a libmixdsp.a ;;
    *)
        rm -rf objects
        mkdir objects
        (cd objects && ar x ../libmixdsp_c.a "$(ar t ../libmixdsp_c.a | grep '^mixdsp_c[-.]')" && mv ./*.o mixdsp.o)
        ar rcs libmixdsp.a objects/mixdsp.o
        ;;
esac
for ending in so dylib; do
    [ ! -e "libmixdsp_c.$ending" ] || cp "libmixdsp_c.$ending" "libmixdsp.$ending"
done
echo "$built"
