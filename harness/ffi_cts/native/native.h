/* SPDX-License-Identifier: Apache-2.0 */
/*
 * C helpers of the checks: callbacks that must run without Python, objects that no
 * implementation made, threads that start together, DLPack producers that count.
 *
 * The declarations between the two markers are read by cffi as they stand.
 */
#ifndef FFI_CTS_NATIVE_H_
#define FFI_CTS_NATIVE_H_

#include "ffi_cts/abi.h"

/* cffi: begin */

/* ABI functions of the library under test; a pointer is NULL where the library lacks it. */
typedef struct cts_api {
  int (*ObjectIncRef)(TVMFFIObjectHandle obj);
  int (*ObjectDecRef)(TVMFFIObjectHandle obj);
  int (*FunctionCall)(TVMFFIObjectHandle func, TVMFFIAny* args, int32_t num_args,
                      TVMFFIAny* result);
  int (*FunctionGetGlobal)(const TVMFFIByteArray* name, TVMFFIObjectHandle* out);
  int (*ErrorCreate)(const TVMFFIByteArray* kind, const TVMFFIByteArray* message,
                     const TVMFFIByteArray* backtrace, TVMFFIObjectHandle* out);
  void (*ErrorSetRaised)(TVMFFIObjectHandle error);
  void (*ErrorSetRaisedFromCStr)(const char* kind, const char* message);
  void (*ErrorMoveFromRaised)(TVMFFIObjectHandle* result);
  int (*EnvSetStream)(int32_t device_type, int32_t device_id, TVMFFIStreamHandle stream,
                      TVMFFIStreamHandle* original);
  TVMFFIStreamHandle (*EnvGetStream)(int32_t device_type, int32_t device_id);
  int (*AnyViewToOwnedAny)(const TVMFFIAny* any, TVMFFIAny* out);
} cts_api;

/* What a counting deleter saw. */
typedef struct cts_deletions {
  int64_t count;
  void* last_self;
  uint64_t last_thread;
} cts_deletions;

/* ---- closures: safe calls with a scripted behaviour ---- */

typedef enum cts_behaviour {
  CTS_REPLY = 0,       /* write `reply` (one reference more if it is an object), return 0 */
  CTS_ECHO = 1,        /* return argument number `argument` as an owned value */
  CTS_RAISE_TEXT = 2,  /* ErrorSetRaisedFromCStr(kind, message), return -1 */
  CTS_RAISE_ERROR = 3, /* ErrorSetRaised(error), return -1 */
  CTS_FORWARD = 4,     /* FunctionCall(next, args, num_args, result), return its code */
  CTS_RECURSE = 5,     /* call `next` with args[0] - 1 until args[0] is 0; reply with the depth */
  CTS_SUM = 6,         /* reply with the sum of the integer arguments */
  CTS_RECOVER = 7,     /* FORWARD; on failure take the error, release it, write `reply`, return 0 */
  CTS_RERAISE = 8,     /* FORWARD; on failure take the error and raise the very same one again */
  CTS_CHAIN = 9,       /* FORWARD; on failure replace the error by (kind, message), return -1 */
  CTS_SILENT = 10,     /* leave the result slot alone, return 0 */
  CTS_FAIL_WITH = 11   /* RAISE_TEXT, but return `argument` */
} cts_behaviour;

enum { CTS_SEEN_ARGS = 32 };

typedef struct cts_closure {
  /* the script */
  const cts_api* api;
  int32_t behaviour;
  int32_t argument;
  TVMFFIAny reply;
  const char* kind;
  const char* message;
  TVMFFIObjectHandle error;
  TVMFFIObjectHandle next;
  /* what happened */
  int64_t calls;
  int64_t deletions;
  void* deleted_self;
  uint64_t deleter_thread;
  void* seen_handle;
  const TVMFFIAny* seen_args_address;
  int32_t seen_num_args;
  TVMFFIAny seen_args[32];
  TVMFFIAny seen_result;
} cts_closure;

int cts_closure_call(void* handle, const TVMFFIAny* args, int32_t num_args, TVMFFIAny* result);
void cts_closure_delete(void* self);

/* Safe call for a function object that no implementation made: its handle is the object, and a
 * pointer to its closure follows the function cell. The closure sees the object as its handle. */
int cts_cell_call(void* function, const TVMFFIAny* args, int32_t num_args, TVMFFIAny* result);

/* Counting deleter for opaque objects: the handle is a cts_deletions. */
void cts_count_deletion(void* handle);

/* ---- objects made by no implementation ---- */

enum { CTS_LOGGED_DELETIONS = 8 };

/* A call of an object's deleter, with the counts as the deleter saw them. */
typedef struct cts_deleter_call {
  void* self;
  int32_t flags;
  uint32_t strong;
  uint32_t weak;
  uint64_t thread;
} cts_deleter_call;

typedef struct cts_deleter_log {
  int64_t calls;
  cts_deleter_call call[8];
  /* Weak references to its own object that a foreign deleter drops when called with the strong
   * flag, as an object does that refers to itself. */
  int32_t drops_weak;
} cts_deleter_log;

/* New object with counts (1, 1) whose deleter logs and frees nothing: its memory stays readable
 * until cts_foreign_free. `payload` bytes follow the header. */
TVMFFIObjectHandle cts_foreign_new(int32_t type_index, size_t payload, cts_deleter_log* log);
void cts_foreign_free(TVMFFIObjectHandle obj);

/* Puts a logging deleter in front of the one that the object has; both run. One log per object. */
int cts_spy_deleter(TVMFFIObjectHandle obj, cts_deleter_log* log);

/* The protocol of weak references, as a binding in another language carries it out. */
void cts_weak_incref(TVMFFIObjectHandle obj);
void cts_weak_decref(TVMFFIObjectHandle obj);
int cts_weak_promote(TVMFFIObjectHandle obj);
/* The same for strong references, without any library. */
void cts_strong_incref(TVMFFIObjectHandle obj);
void cts_strong_decref(TVMFFIObjectHandle obj);

/* ---- threads ---- */

/* What a helper returns that could not start its threads: nothing of its work was done. */
enum { CTS_NO_THREAD = -1000 };

/* Lets `threads` more threads be started, then none, as on a machine that has no more; -1: all. */
void cts_fail_thread_after(int threads);

/* How a team is to work, see team.h. */
typedef struct cts_team {
  int32_t threads;
  int64_t wanted; /* go on until each thread has so many overlaps, */
  double seconds; /* or for so long */
  int64_t steps;  /* where each step has an object of its own: how many there are */
  /* what happened */
  int64_t overlaps; /* of the thread that has the fewest */
} cts_team;

/* Teams; all return the number of mismatches, or CTS_NO_THREAD. */

int64_t cts_threads_retain_release(const cts_api* api, cts_team* team, TVMFFIObjectHandle obj);
/* Makes owned values of a view of the object, and releases them. */
int64_t cts_threads_own_release(const cts_api* api, cts_team* team, TVMFFIObjectHandle obj);
/* Weak references are promoted and released through the library. */
int64_t cts_threads_promote(const cts_api* api, cts_team* team, TVMFFIObjectHandle obj);
/* Half of the threads retain and release through the library; the others promote weak references
 * and release without it. */
int64_t cts_threads_promote_beside(const cts_api* api, cts_team* team, TVMFFIObjectHandle obj);
/* Every thread drops one reference of each object, all of them the same one at a time. */
int64_t cts_threads_release_each(const cts_api* api, cts_team* team,
                                 const TVMFFIObjectHandle* objects);
/* The first thread drops a strong reference through the library, each other one a weak one. */
int64_t cts_threads_release_beside_weak(const cts_api* api, cts_team* team,
                                        const TVMFFIObjectHandle* objects);
int64_t cts_threads_raise(const cts_api* api, cts_team* team);
int64_t cts_threads_call(const cts_api* api, cts_team* team, TVMFFIObjectHandle func);
int64_t cts_threads_streams(const cts_api* api, cts_team* team);
/* Gets the global function, an ECHO, calls it and drops it. */
int64_t cts_threads_call_global(const cts_api* api, cts_team* team, const TVMFFIByteArray* name);
/* One other thread, joined before the return. */
int cts_thread_release(const cts_api* api, TVMFFIObjectHandle obj);
int cts_thread_take_raised(const cts_api* api, TVMFFIObjectHandle* out);
int cts_thread_raise_and_exit(const cts_api* api, TVMFFIObjectHandle error);
/* Raises an error and sets a stream, as far as the library can, and leaves both. */
int cts_thread_use_and_exit(const cts_api* api);
int cts_thread_get_stream(const cts_api* api, int32_t device_type, int32_t device_id,
                          TVMFFIStreamHandle* out);

/* ---- DLPack producers: shape, strides and the struct live in one block that the deleter
 *      overwrites and frees; `with_deleter` 0 leaves the deleter NULL ---- */

DLManagedTensor* cts_dlpack_legacy(const DLTensor* prototype, cts_deletions* log, int with_deleter);
DLManagedTensorVersioned* cts_dlpack_versioned(const DLTensor* prototype, cts_deletions* log,
                                               int with_deleter, uint32_t major, uint32_t minor,
                                               uint64_t flags);
/* Frees a producer that no consumer took. */
void cts_dlpack_discard(void* managed);
/* Calls the deleter that an exporter put into its tensor. */
void cts_dlpack_release_legacy(DLManagedTensor* managed);
void cts_dlpack_release_versioned(DLManagedTensorVersioned* managed);

/* ---- the strict peer of tensor exchange, see peer.c ---- */

/* What to make. The tensor is described with its first element `first` bytes into its `size` bytes
 * of storage, which end where a page ends or, `at_start`, begin where one begins. */
typedef struct cts_peer_plan {
  const DLTensor* tensor; /* all but data, which follows from the storage and byte_offset */
  const void* bytes;
  int64_t size;
  int64_t first;
  int32_t at_start;
  int32_t null_data;
  int32_t versioned;
  int32_t no_deleter;
  int32_t hide_tensor; /* what stands behind the flags can't be read */
  uint32_t major;
  uint32_t minor;
  uint64_t flags;
} cts_peer_plan;

typedef struct cts_peer {
  void* managed;
  char* storage;
  int64_t size;
  /* what happened */
  int64_t deletions;
  int64_t spoiled;
  uint64_t thread; /* of the latest deletion */
  /* its own */
  int32_t no_deleter;
  char* block;
  size_t block_size;
  char* part[4];
  size_t part_size[4];
  struct cts_peer* next;
} cts_peer;

/* Lives as long as the process, so that whoever comes too late is seen. NULL without memory. */
cts_peer* cts_peer_new(const cts_peer_plan* plan);
/* Bytes beside the storage that somebody wrote to. */
int64_t cts_peer_spoiled(const cts_peer* peer);
/* Deleters called with an argument that is no tensor of a peer. */
int64_t cts_peer_strays(void);
/* Calls the deleter of a tensor that a library exported; 1 for `elsewhere`: from a thread that
 * knows nothing of Python. 0, or what went wrong with the thread. */
int cts_peer_release(void* managed, int versioned, int elsewhere);
const char* cts_capsule_name(int versioned, int used);
/* The destructor of a capsule with a managed tensor; `capsule` is a PyObject. */
void cts_capsule_drop(void* capsule);

/* ---- memory ---- */

/* A copy of `size` bytes that ends where a page ends; whoever touches the next byte dies. */
char* cts_guarded_bytes(const char* content, size_t size);
void cts_guarded_free(char* at, size_t size);

/* ---- tensor allocators, by number: the signature leaves no room for a context ---- */

enum { CTS_ALLOCATORS = 2, CTS_SEEN_DIMS = 16 };

typedef struct cts_allocator_state {
  /* the script */
  int32_t fails; /* nonzero: report MemoryError and return -1 */
  void* data;    /* data pointer of the tensors to make */
  /* what happened */
  int64_t calls;
  uint64_t thread;
  DLTensor seen; /* the latest prototype; its arrays belong to the caller */
  int64_t seen_shape[16];
  DLManagedTensorVersioned* last;
  cts_deletions deletions;
} cts_allocator_state;

cts_allocator_state* cts_allocator(int which);
int cts_allocate_first(DLTensor* prototype, DLManagedTensorVersioned** out, void* error_ctx,
                       void (*SetError)(void* error_ctx, const char* kind, const char* message));
int cts_allocate_second(DLTensor* prototype, DLManagedTensorVersioned** out, void* error_ctx,
                        void (*SetError)(void* error_ctx, const char* kind, const char* message));
/* What another thread, which has set nothing, gets. */
int cts_thread_get_allocator(DLPackManagedTensorAllocator (*get)(void),
                             DLPackManagedTensorAllocator* out);
int cts_thread_alloc_tensor(int (*alloc)(DLTensor* prototype, TVMFFIObjectHandle* out),
                            DLTensor* prototype, TVMFFIObjectHandle* out);

/* ---- initialisers for HandleInitOnce: one script for the whole process ---- */

typedef struct cts_init_state {
  /* the script */
  int32_t fails;       /* nonzero: raise and return it */
  int32_t result_null; /* nonzero: succeed with NULL */
  int32_t awaits;      /* stay inside until so many threads have arrived, */
  int32_t pause_us;    /* and that much longer, so that they get to where they wait */
  void* result;
  const cts_api* api;
  int (*init_once)(void** handle_addr, int (*init_func)(void** result));
  void** nested; /* initialised from inside by cts_init_nested */
  /* what happened */
  int64_t inits;
  int64_t deinits;
  int64_t arrived; /* threads that have called, or are about to */
  int64_t inside;  /* initialisers running now */
  int64_t most_inside;
  void* deinit_handle;
} cts_init_state;

cts_init_state* cts_init(void);
int cts_init_func(void** result);
int cts_init_nested(void** result);
int cts_deinit_func(void* handle);
/* All call InitOnce, or DeinitOnce, with one address, once; returns how many got a code that is
 * not 0 or, after InitOnce, saw another handle than the scripted one. */
int64_t cts_threads_init_once(const cts_api* api, cts_team* team, void** handle_addr);
int64_t cts_threads_deinit_once(const cts_api* api, cts_team* team, void** handle_addr,
                                int (*deinit_once)(void** handle_addr,
                                                   int (*deinit_func)(void* handle)));

/* ---- life of a process: each forks and returns the child's wait status, or -1 ---- */

typedef enum cts_life {
  CTS_LIFE_LOAD = 0,          /* dlopen, then exit through the C library */
  CTS_LIFE_USE = 1,           /* keep objects, a pending error and a thread's stream at exit */
  CTS_LIFE_UNLOAD = 2,        /* dlopen, use in two threads, dlclose, end one, exit */
  CTS_LIFE_TWICE = 3,         /* dlopen twice, dlclose once, use */
  CTS_LIFE_THREADS = 4,       /* several threads dlopen and use at once */
  CTS_LIFE_EXIT_IN_THREAD = 5 /* another thread than the one that loaded calls exit */
} cts_life;

int cts_live(const char* path, int life, int exit_code);

/* What loading changes in this process: 1 standard output written to, 2 descriptors, 4 locale,
 * 8 working directory, 16 file mode mask, 32 rounding mode, 64 environment variables; -1 if the
 * library can't be loaded. */
int cts_changes_by_loading(const char* path);

/* ---- process ---- */

/* Fills out[n] with the handler of signal n, for n below `count`. */
void cts_signal_handlers(uintptr_t* out, int count);
/* Default disposition for the signals that report a crash. */
void cts_signals_default(void);
/* Bytes that malloc has handed out and not got back; 0 where that can't be told. */
size_t cts_heap_in_use(void);
uint64_t cts_thread_id(void);

/* cffi: end */

#endif /* FFI_CTS_NATIVE_H_ */
