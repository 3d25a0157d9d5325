/* SPDX-License-Identifier: Apache-2.0 */
/* What gcc and clang offer beyond C11, and how to tell what else is watching. */
#ifndef FFI_CTS_REFERENCE_COMPILER_H_
#define FFI_CTS_REFERENCE_COMPILER_H_

#if !defined(__GNUC__)
#error "the reference implementation uses the __atomic builtins of gcc and clang"
#endif

#define FFI_LIKELY(x) __builtin_expect(!!(x), 1)
#define FFI_UNLIKELY(x) __builtin_expect(!!(x), 0)
/* Spares the short path through the caller the saving of registers. */
#define FFI_NOINLINE __attribute__((noinline))
#define FFI_COLD __attribute__((cold, noinline))
/* For what several entry points share and each should have without another call. */
#define FFI_INLINE static inline __attribute__((always_inline))
#define FFI_PRINTF(text, values) __attribute__((format(printf, text, values)))

/*
 * One load, where the general model calls a function. The variables then come out of room that
 * glibc keeps for libraries opened late: about 1.6 KiB for all of them, of which this library
 * takes less than 200 bytes. Other C libraries may keep none.
 */
#if defined(__GLIBC__)
#define FFI_FAST_TLS __attribute__((tls_model("initial-exec")))
#else
#define FFI_FAST_TLS
#endif

/* gcc tells sanitizers by macros, clang by features. */
#if defined(__SANITIZE_THREAD__)
#define FFI_THREAD_SANITIZER 1
#endif
#if defined(__SANITIZE_ADDRESS__)
#define FFI_ADDRESS_SANITIZER 1
#endif
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define FFI_THREAD_SANITIZER 1
#endif
#if __has_feature(address_sanitizer)
#define FFI_ADDRESS_SANITIZER 1
#endif
#endif

#endif /* FFI_CTS_REFERENCE_COMPILER_H_ */
