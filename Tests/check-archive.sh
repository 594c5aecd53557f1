#!/usr/bin/env bash
# Proves that an archive or shared library exports exactly the functions of the header, imports only what its
# triple may, and holds no writable data; that every instruction is one of its processors'; that what is for devices
# needs no global offset table; and that no function of an Arm archive loses r10.
#
#     check-archive.sh ARCHIVE HEADER IMPORTS [HELPER_IMPORTS [SUFFIX [PROCESSORS]]]
#
# IMPORTS, HELPER_IMPORTS: extended regular expressions; the latter for the objects named *-sampling.o, besides.
# SUFFIX: what the core adds to the names that the header gives by SNNRT_FOR.
# PROCESSORS: llvm-objdump's options for each, with colons between them, separated by commas.
set -euo pipefail
archive=$1 header=$2 imports=$3 helper_imports=${4:-$3} suffix=${5:-} processors=${6:-}

fail() { echo "$archive: $1" >&2; exit 1; }
symbols() { llvm-nm --format=just-symbols "$@" | grep -E '^[A-Za-z_$]' | grep -v ':$' | sort -u || true; }

by_core=$(sed -nE 's/^#define (snnrt_[a-z_]+) SNNRT_FOR\(.*/\1/p' "$header")
expected=$(grep -oE '\bsnnrt_[a-z_]+\(' "$header" | tr -d '(' | sort -u \
    | awk -v by_core="$by_core" -v suffix="$suffix" '
        BEGIN {split(by_core, names); for (i in names) has[names[i]]}
        {print $0 ($0 in has ? suffix : "")}' | sort)
# An archive has the functions of ops and their tables too, which a shared library keeps to itself.
# Those of rows are on processors of 32 bits.
rows=$(llvm-readobj --file-headers "$archive" | grep -q "Class: 32-bit" && echo "|adder" || true)
case $archive in *.a) expected=$({ echo "$expected"; echo snnrt_loaders; echo snnrt_ticks; echo snnrt_adders
    grep -oE "\bsnnrt_(load|tick$rows)_[a-z0-9_]+" "$header"; } | sort -u) ;; esac
defined=$(symbols --extern-only --defined-only "$archive")
[ "$expected" = "$defined" ] || fail "exports differ from the header:
$(diff <(echo "$expected") <(echo "$defined"))"

# llvm-nm --print-file-name gives "archive:member: symbol", or "file: symbol".
imports="$imports|snnrt_loaders|snnrt_ticks|snnrt_adders|snnrt_(load|tick|adder)_[a-z0-9_]+"
stray=$(llvm-nm --undefined-only --format=just-symbols --print-file-name "$archive" \
    | grep -vE "[ :]($imports)\$" | grep -vE -- "-sampling\.o[: ].*[ :]($helper_imports)\$" || true)
[ -z "$stray" ] || fail "imports beyond $imports: $stray"

writable=$(llvm-objdump --section-headers "$archive" | awk '$NF == "DATA" || $NF == "BSS" {print $2, $3}' \
    | grep -E '^\.(data|bss|tdata|tbss)' | grep -v '^\.data\.rel\.ro' | grep -v ' 0*$' || true)
[ -z "$writable" ] || fail "writable data: $writable"

# Linux places such a table; a firmware's script may leave it out of what it copies at startup.
if [ -n "$suffix" ]; then
    indirect=$(llvm-readelf --relocs "$archive" | grep -E 'R_(ARM|RISCV)[A-Z_0-9]*GOT' || true)
    [ -z "$indirect" ] || fail "needs a global offset table:
$(head -5 <<< "$indirect")"
fi

for processor in ${processors//,/ }; do
    foreign=$(llvm-objdump ${processor//:/ } --disassemble "$archive" | grep -F '<unknown>' || true)
    [ -z "$foreign" ] || fail "instructions that $processor does not have:
$(head -5 <<< "$foreign")"
done

# Swift passes `self` in r10, which a function must keep. For -Osize LLVM's load/store optimizer (Swift 6.3.1) makes `ldm r10!`
# of a getter's loads although nothing has saved r10. Sections are functions.
lost=$(llvm-readobj --file-headers "$archive" | grep -q EM_ARM || exit 0
    llvm-objdump --triple=thumbv7em --disassemble --no-show-raw-insn "$archive" | awk '
    /^Disassembly of section/ {section = $4; saves = 0}
    /[ \t]push/ && /r10/ {saves = 1}
    /r10!|\[r10\], *#/ && !saves {print section $0}')
[ -z "$lost" ] || fail "r10 changed and not saved; inline the function: $lost"

echo "$archive: $(echo "$defined" | wc -l) functions exported, imports on the list, no writable data"
