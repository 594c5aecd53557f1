#!/usr/bin/env bash
# Bytes of flash that the library takes in a program for a Cortex-M4 that opens a model, pushes and fetches results: the program
# less the same without the library. memcpy and memset of newlib-nano are counted with the library.
#
#     flash.sh COMMAND ARCHIVE MODEL...
set -euo pipefail
command=$1 archive=$2
shift 2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
linked() {
    arm-none-eabi-gcc -mcpu=cortex-m4 -mfloat-abi=soft -mthumb -Os -Iinclude --specs=nano.specs -nostartfiles \
        -Wl,--gc-sections,--no-warn-execstack,--no-enum-size-warning -o "$folder/program.elf" "$@"
    arm-none-eabi-size "$folder/program.elf" | awk 'NR == 2 {print $1 + $2}'
}
alone=$(linked -DALONE Tests/device/flash.c)
printf '%-24s %8s %8s\n' "" open attach
printf '%-24s %8d\n' "any model" $(($(linked Tests/device/flash.c "$archive") - alone))
for model in "$@"; do
    "$command" export "$model" -o "$folder" > /dev/null
    printf '%-24s %8d %8d\n' "$(basename "$model" .snn)" \
        $(($(linked Tests/device/flash.c "$folder/snnrt_ops.c" "$archive") - alone)) \
        $(($(linked -DATTACH Tests/device/flash.c "$folder/snnrt_ops.c" "$archive") - alone))
    rm "$folder"/*.[ch]
done
