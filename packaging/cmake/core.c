/* Preprocessed by snnrtConfig.cmake: the core whose archive a compiler's options call for. */
#include <snnrt.h>
#if !defined(SNNRT_CORE)
#if defined(__wasm__) && defined(__wasm_simd128__)
#define SNNRT_CORE wasm32_simd
#elif defined(__wasm__)
#define SNNRT_CORE wasm32
#elif defined(__x86_64__) && defined(__linux__)
#define SNNRT_CORE x86_64_linux
#elif defined(__aarch64__) && defined(__linux__)
#define SNNRT_CORE aarch64_linux
#elif defined(__aarch64__) && !defined(__APPLE__) && !defined(_WIN32)
#define SNNRT_CORE aarch64_none
#else
#define SNNRT_CORE a_core_without_archive
#endif
#endif
snnrt_core_is SNNRT_CORE
