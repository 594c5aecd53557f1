/* zlib (Debian: zlib1g-dev); pkg-config says where. */
#include <zlib.h>

/* A macro, which Swift does not see: for gzip data alone, with the largest window. */
static inline int inflate_gzip(z_streamp stream) { return inflateInit2(stream, 15 + 16); }

/* The same for deflate data as they stand in a zip file. */
static inline int inflate_raw(z_streamp stream) { return inflateInit2(stream, -15); }
