/* SPDX-License-Identifier: Apache-2.0 */
#include <dlfcn.h>
#include <string.h>

#include "host.h"

/* dlsym gives a data pointer; POSIX lets its bytes be a function pointer, ISO C has no cast. */
static int find(void* library, const char* name, void* out, size_t size) {
  void* symbol = dlsym(library, name);
  if (symbol == NULL) return -1;
  memcpy(out, &symbol, size);
  return 0;
}

int cts_runtime_load(const char* path, cts_runtime* out, const char** lacking) {
  void* library = dlopen(path, RTLD_NOW | RTLD_GLOBAL);
  if (library == NULL) return cts_fail("the library can't be loaded: %s", dlerror());
  *lacking = NULL;
#define FILL(name)                                                         \
  if (find(library, "TVMFFI" #name, &out->name, sizeof(out->name)) != 0) { \
    *lacking = "TVMFFI" #name;                                             \
  }
  CTS_HOST_FUNCTIONS(FILL)
#undef FILL
#define LOOK(name) \
  if (dlsym(library, "TVMFFI" #name) == NULL) *lacking = "TVMFFI" #name;
  CTS_MODULE_FUNCTIONS(LOOK)
#undef LOOK
  return 0;
}

static int wrap(const cts_runtime* runtime, void* library, const char* symbol,
                TVMFFIObjectHandle* out) {
  TVMFFISafeCallType safe_call;
  if (find(library, symbol, &safe_call, sizeof(safe_call)) != 0) {
    return cts_fail("the benchmark's module lacks %s", symbol);
  }
  int code = runtime->FunctionCreate(NULL, safe_call, NULL, out);
  return code == 0 ? 0 : cts_raised(runtime, "TVMFFIFunctionCreate", code);
}

static int wrap_all(const cts_runtime* runtime, void* library, cts_module* out) {
  if (wrap(runtime, library, "__tvm_ffi_noop", &out->noop) != 0) return -1;
  if (wrap(runtime, library, "__tvm_ffi_launch_noop", &out->launch_noop) != 0) return -1;
  return wrap(runtime, library, "__tvm_ffi_launch_scale", &out->launch_scale);
}

int cts_module_load(const cts_runtime* runtime, const char* path, cts_module* out) {
  void* library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) return cts_fail("the benchmark's module can't be loaded: %s", dlerror());
  if (wrap_all(runtime, library, out) != 0) return -1;
#define PLAIN(name)                                                                     \
  if (find(library, "cts_plain_" #name, &out->plain_##name, sizeof(out->plain_##name))) \
    return cts_fail("the benchmark's module lacks cts_plain_" #name);
  PLAIN(noop)
  PLAIN(launch_noop)
  PLAIN(launch_scale)
#undef PLAIN
  return 0;
}

void cts_module_release(const cts_runtime* runtime, cts_module* module) {
  TVMFFIObjectHandle* functions[] = {&module->noop, &module->launch_noop, &module->launch_scale};
  for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); ++i) {
    if (*functions[i] != NULL) runtime->ObjectDecRef(*functions[i]);
    *functions[i] = NULL;
  }
}

int cts_raised(const cts_runtime* runtime, const char* function, int code) {
  TVMFFIObjectHandle error = NULL;
  runtime->ErrorMoveFromRaised(&error);
  if (error == NULL) return cts_fail("%s returned %d and raised nothing", function, code);
  const TVMFFIErrorCell* cell =
      (const TVMFFIErrorCell*)(const void*)((const TVMFFIObject*)error + 1);
  cts_fail("%s returned %d and raised %.*s: %.*s", function, code, (int)cell->kind.size,
           cell->kind.data, (int)cell->message.size, cell->message.data);
  runtime->ObjectDecRef(error);
  return -1;
}
