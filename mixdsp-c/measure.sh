#!/usr/bin/env bash
# Prints a table of what every processor takes: bytes of a unit, and instructions per block of 512 frames, both
# stereo float at 48 kHz with defaults (the equalizer with all eight bands at work). Counted by valgrind.
set -eu
cd "$(dirname "$0")/.."
built=$(mixdsp-c/build.sh)
cost=$built/cost
${CC:-cc} -std=c99 -O2 -I mixdsp-c/include mixdsp-c/tests/c/cost.c "$built/libmixdsp.a" -o "$cost"
counted() { # class blocks
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$cost" "$1" "$2" 2>&1 | awk '/Collected/ { print $NF }'
}
echo '| processor | bytes | instructions per block |'
echo '| --- | ---: | ---: |'
at=0
"$cost" | while read -r name bytes; do
    few=$(counted $at 40) many=$(counted $at 120)
    echo "| $name | $bytes | $(((many - few) / 80)) |"
    at=$((at + 1))
done
