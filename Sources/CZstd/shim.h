/* libzstd (Debian: libzstd-dev); pkg-config says where. */
#include <zstd.h>
#include <zstd_errors.h>
