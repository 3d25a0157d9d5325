/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The floor of a call from Python: the cheapest function that a C extension can offer, which
 * takes its arguments as they lie (METH_FASTCALL), looks at none of them and gives None.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

static PyObject* nothing(PyObject* self, PyObject* const* args, Py_ssize_t num_args) {
  (void)self;
  (void)args;
  (void)num_args;
  Py_RETURN_NONE;
}

/* Shows that the arguments arrive. */
static PyObject* count(PyObject* self, PyObject* const* args, Py_ssize_t num_args) {
  (void)self;
  (void)args;
  return PyLong_FromSsize_t(num_args);
}

/* By way of a function without parameters, as the interpreter's documentation has it. */
#define FAST(function) ((PyCFunction)(void (*)(void))(function))

static PyMethodDef methods[] = {
    {"nothing", FAST(nothing), METH_FASTCALL, NULL},
    {"count", FAST(count), METH_FASTCALL, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {
    .m_base = PyModuleDef_HEAD_INIT,
    .m_name = "cts_floor",
    .m_size = -1,
    .m_methods = methods,
};

PyMODINIT_FUNC PyInit_cts_floor(void) { return PyModule_Create(&module); }
