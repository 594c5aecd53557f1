#!/usr/bin/env bash
# Proves that an archive exports exactly the functions of the header, imports only what its triple may,
# and holds no writable data.
#
#     check-archive.sh ARCHIVE HEADER IMPORTS      IMPORTS: an extended regular expression
set -euo pipefail
archive=$1 header=$2 imports=$3

fail() { echo "$archive: $1" >&2; exit 1; }

expected=$(grep -oE '\bsnnrt_[a-z_]+\(' "$header" | tr -d '(' | sort -u)
defined=$(llvm-nm --extern-only --defined-only --format=just-symbols "$archive" | grep -E '^[A-Za-z_$]' | grep -v ':$' | sort -u)
[ "$expected" = "$defined" ] || fail "exports differ from the header:
$(diff <(echo "$expected") <(echo "$defined"))"

stray=$(llvm-nm --undefined-only --format=just-symbols "$archive" | grep -E '^[A-Za-z_$]' | grep -v ':$' | grep -vxE "$imports" || true)
[ -z "$stray" ] || fail "imports beyond $imports: $stray"

writable=$(llvm-objdump --section-headers "$archive" | awk '$NF == "DATA" || $NF == "BSS" {print $2, $3}' \
    | grep -E '^\.(data|bss|tdata|tbss)' | grep -v '^\.data\.rel\.ro' | grep -v ' 0*$' || true)
[ -z "$writable" ] || fail "writable data: $writable"

echo "$archive: $(echo "$defined" | wc -l) functions exported, imports on the list, no writable data"
