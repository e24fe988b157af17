#!/usr/bin/env bash
# Checks of the C library that need a C compiler: symbols, headers, programs under the sanitizers and
# valgrind, another Rust library beside it, an installed tree and two projects that use it.
#
#     mixdsp-c/check.sh
#
# With MIXDSP_DEPTH=long every program runs under both compilers and under valgrind, on music too; otherwise what every
# change needs: the first compiler and its sanitizers.
# Prints what it runs. The first failure ends it. What this machine cannot run is said plainly, and kept for
# the summary of `make test`.
set -euo pipefail
cd "$(dirname "$0")/.."
built=$(mixdsp-c/build.sh)
static=$built/libmixdsp.a shared=$built/libmixdsp.so
out=$built/check
rm -rf "$out"
mkdir -p "$out"
include=mixdsp-c/include
programs=mixdsp-c/tests/c
strict="-Wall -Wextra -Wpedantic -Werror"

exec 3>&1
run() {
    printf '  %s\n' "$*" >&3
    "$@"
}
absent() {
    if [ -x tools/absent ]; then tools/absent "the C library: $*"; else echo "NOT RUN: $*" >&2; fi
}
fail() {
    echo "FAILED: $*" >&2
    exit 1
}
has() { command -v "$1" > /dev/null; }

compilers=()
for pair in gcc:g++ clang:clang++; do
    if has "${pair%:*}" && has "${pair#*:}"; then compilers+=("$pair"); else absent "${pair%:*} is not installed"; fi
done
[ ${#compilers[@]} -gt 0 ] || fail "there is no C compiler"

is_long=${MIXDSP_DEPTH:-}
[ "$is_long" = long ] || is_long=
[ -n "$is_long" ] || compilers=("${compilers[0]}")

echo "== symbols"
sed -n 's/^const mixdsp_class \*\(mixdsp_[a-z0-9_]*\)(void);/\1/p' "$include/mixdsp_params.h" |
    sort - mixdsp-c/tests/symbols.txt > "$out/wanted"
nm -D --defined-only "$shared" | awk '{ print $3 }' | sort > "$out/exported"
diff "$out/wanted" "$out/exported" || fail "the shared library exports other symbols than tests/symbols.txt and the accessors"
echo '#include "mixdsp.h"' | ${compilers[0]%:*} -E -P -DMIXDSP_NO_HEAP -I "$include" -x c - |
    grep -o 'mixdsp_[a-z0-9_]*(' | tr -d '(' | sort -u > "$out/declared"
diff "$out/wanted" "$out/declared" || fail "the header declares other functions than the library exports"
foreign=$(nm -D --undefined-only "$shared" | awk '$1 == "U" { print $2 }' | grep -vxE 'mem(cpy|move|set|cmp)' || true)
[ -z "$foreign" ] || fail "the shared library needs $foreign"
nm --defined-only --extern-only "$static" | awk 'NF == 3 { print $3 }' | sort > "$out/archived"
diff "$out/wanted" "$out/archived" || fail "the static library has other symbols than the shared one"
# On 64-bit ARM also the compiler's own atomics, __aarch64_*.
foreign=$(nm --undefined-only "$static" | awk '$1 == "U" { print $2 }' | grep -vE '^(mem(cpy|move|set|cmp)|__aarch64_.*)$' || true)
[ -z "$foreign" ] || fail "the static library needs $foreign"
needed=$(readelf -d "$shared" | grep NEEDED || true)
[ -z "$needed" ] || fail "the shared library needs other libraries: $needed"
soname=libmixdsp.so.$(sed -n 's/^#define MIXDSP_ABI \([0-9]*\)u.*/\1/p' "$include/mixdsp.h")
readelf -d "$shared" | grep -q "soname: \[$soname\]" || fail "the soname is not $soname"
echo "  $(wc -l < "$out/exported") functions; no other library is needed, and of the system $(nm -D --undefined-only "$shared" |
    awk '$1 == "U" { print $2 }' | xargs)"

echo "== headers"
for pair in "${compilers[@]}"; do
    for heap in "" "-DMIXDSP_NO_HEAP"; do
        for standard in c99 c11 c17; do
            printf '#include "mixdsp.h"\n#include "mixdsp.h"\nint main(void) { return 0; }\n' |
                run "${pair%:*}" -std=$standard $strict $heap -I "$include" -fsyntax-only -x c -
        done
    done
    for standard in c++11 c++17 c++20; do
        printf '#include "mixdsp.hpp"\n#include "mixdsp.hpp"\nint main() { return 0; }\n' |
            run "${pair#*:}" -std=$standard $strict -I "$include" -fsyntax-only -x c++ -
    done
done

echo "== programs under the address and undefined-behaviour sanitizers"
sanitize="-g -O1 -fsanitize=address,undefined -fno-sanitize-recover=all"
compile() { # compiler standard flags source output
    # shellcheck disable=SC2086
    run "$1" -std="$2" $strict $3 -I "$include" "$4" "$static" -lm -lpthread -o "$5"
}
for pair in "${compilers[@]}"; do
    for program in examples/c/three_processors.c examples/c/real_time.c $programs/hostile.c $programs/threads.c \
        $programs/flush.c; do
        compile "${pair%:*}" c11 "$sanitize" "$program" "$out/program"
        run "$out/program"
    done
    for program in $programs/use.cpp examples/c/mix_four_tracks.cpp; do
        compile "${pair#*:}" c++11 "$sanitize" "$program" "$out/program"
        run "$out/program"
    done
done

echo "== the loudness scanner"
compiler=${compilers[0]%:*}
run "$compiler" -std=c99 $strict $programs/tones.c -lm -o "$out/tones"
run "$out/tones" "$out"
compile "$compiler" c99 "$sanitize" examples/c/loudness_scanner.c "$out/scanner"
run "$out/scanner" "$out/i16.wav" "$out/i32.wav" "$out/f32.wav" | tee "$out/log"
# 20 s at -22.99 LUFS and 20 s ten above it: the mean of both energies, and a range of 10 LU.
[ "$(grep -c -- ' -15.59 LUFS   10.00 LU   -13.00 dBTP' "$out/log")" -eq 4 ] || fail "the scanner reads something else"
# Real music, where there is some: MIXDSP_AUDIO, or shared/audio beside the checkout.
audio=${MIXDSP_AUDIO:-../shared/audio}
music=()
if [ -z "$is_long" ]; then
    echo "  music: with MIXDSP_DEPTH=long"
elif ! has ffmpeg; then
    absent "ffmpeg is not installed, so the scanner was not compared on music"
elif [ ! -d "$audio/music" ]; then
    absent "no folder shared/audio beside the checkout, and MIXDSP_AUDIO is not set: the scanner was not compared on music"
else
    for file in "$audio"/music/*.{ogg,flac,wav,mp3,m4a}; do
        [ -e "$file" ] || continue
        wav=$out/$(basename "${file%.*}").wav
        ffmpeg -v error -y -i "$file" -c:a pcm_s16le -fflags +bitexact -flags +bitexact -map_metadata -1 "$wav"
        music+=("$wav")
    done
fi
if "$compiler" $programs/ebur128.c -lebur128 -o "$out/ebur128" 2> /dev/null; then
    run "$out/ebur128" "$out/i16.wav" "${music[@]}" > "$out/theirs"
    "$out/scanner" "$out/i16.wav" "${music[@]}" | grep -v 'all together' | awk '{ print $1, $NF }' > "$out/ours"
    paste -d ' ' "$out/ours" "$out/theirs" | awk '
        { d = $1 - $3; if (d > 0.0101 || d < -0.0101) wrong = 1; printf "  %s: %s LUFS, libebur128 %s\n", $2, $1, $3 }
        END { exit wrong }' || fail "the scanner and libebur128 differ by more than 0.01 LU"
else
    absent "libebur128 is not installed, so the scanner was not compared with it"
fi
for wav in "${music[@]}"; do
    theirs=$(ffmpeg -nostats -i "$wav" -af ebur128 -f null - 2>&1 | awk '$1 == "LRA:" { range = $2 } END { print range }')
    ours=$("$out/scanner" "$wav" | awk '$4 == "LU" { print $3; exit }')
    printf '  %s: range %s LU, ffmpeg %s\n' "$wav" "$ours" "$theirs"
    awk "BEGIN { d = $ours - $theirs; exit !(d < 0.2 && d > -0.2) }" || fail "the scanner and ffmpeg differ by more than 0.2 LU"
done

echo "== programs under valgrind"
if [ -z "$is_long" ]; then
    echo "  with MIXDSP_DEPTH=long"
elif has valgrind; then
    for program in examples/c/three_processors.c $programs/hostile.c $programs/threads.c $programs/use.cpp; do
        case $program in
            *.cpp) compile "${compilers[0]#*:}" c++11 -g "$program" "$out/program" ;;
            *) compile "${compilers[0]%:*}" c99 "-g -D_POSIX_C_SOURCE=200809L" "$program" "$out/program" ;;
        esac
        run valgrind --quiet --error-exitcode=9 --leak-check=full "$out/program" > "$out/log" ||
            { cat "$out/log"; fail "$program under valgrind"; }
    done
else
    absent "valgrind is not installed"
fi

echo "== another Rust library in the same program"
rust="${RUSTC:-rustc} --edition 2024 -O --crate-type staticlib $programs/other_library.rs"
# shellcheck disable=SC2086
run $rust -C panic=abort -C lto=fat -C codegen-units=1 -o "$out/libbare.a"
# shellcheck disable=SC2086
run $rust --cfg with_std -o "$out/libstd.a"
for other in bare std; do
    run "${compilers[0]%:*}" -std=c99 $strict -I "$include" $programs/two_libraries.c "$static" "$out/lib$other.a" \
        -lpthread -ldl -lm -o "$out/program"
    run "$out/program"
done

echo "== an installed tree"
run mixdsp-c/install.sh "$out/tree"
if has pkg-config; then
    for pair in "${compilers[@]}"; do
        run env PKG_CONFIG_PATH="$out/tree/lib/pkgconfig" make --no-print-directory -B -s -C mixdsp-c/tests/consumers/pkg-config \
            CC="${pair%:*}" OUT="$out"
    done
else
    absent "pkg-config is not installed"
fi
if has cmake; then
    mv "$out/tree" "$out/moved tree" # the CMake package may be moved
    run cmake -S mixdsp-c/tests/consumers/cmake -B "$out/cmake" -DCMAKE_PREFIX_PATH="$out/moved tree" > "$out/log" ||
        { cat "$out/log"; fail "cmake"; }
    run cmake --build "$out/cmake" > "$out/log" || { cat "$out/log"; fail "cmake --build"; }
    for program in static_c shared_c static_cpp; do run "$out/cmake/$program"; done
    run cmake -S examples/c/fetch_content -B "$out/fetch" -DMIXDSP_TARGET_DIR="${built%/capi}" > "$out/log" ||
        { cat "$out/log"; fail "cmake of examples/c/fetch_content"; }
    run cmake --build "$out/fetch" > "$out/log" || { cat "$out/log"; fail "cmake --build of examples/c/fetch_content"; }
    run "$out/fetch/mix"
else
    absent "cmake is not installed"
fi

echo "== sizes, stripped"
strip -o "$out/shared" "$shared"
printf '  %8d bytes: the shared library\n' "$(stat -c %s "$out/shared")"
printf 'int main(void) { return 0; }\n' > "$out/empty.c"
size_of() { # flags source
    # shellcheck disable=SC2086
    "${compilers[0]%:*}" -std=c99 -Os $1 -I "$include" "$2" "$static" -Wl,--gc-sections -s -o "$out/program"
    stat -c %s "$out/program"
}
empty=$(size_of "" "$out/empty.c")
for accessor in $(sed -n 's/^const mixdsp_class \*\(mixdsp_[a-z0-9_]*\)(void);/\1/p' "$include/mixdsp_params.h"); do
    printf '  %8d bytes more than an empty program: one that only uses %s\n' \
        $(($(size_of "-DONE=$accessor" $programs/one.c) - empty)) "$accessor"
done
echo "the C library is sound"
