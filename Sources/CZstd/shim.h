/* libzstd (Debian: libzstd-dev); pkg-config says where. */
#include <zstd.h>
