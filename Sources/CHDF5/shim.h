/* libhdf5 (Debian: libhdf5-dev); pkg-config says where. */
#include <hdf5.h>

/* A macro, which Swift does not see. */
static inline hid_t hdf5_native_double(void) { return H5T_NATIVE_DOUBLE; }
