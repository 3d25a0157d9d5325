/* SPDX-License-Identifier: Apache-2.0 */
/* Functions that do nothing, bound with pybind11. `sum_3` shows that the arguments arrive. */
#include <pybind11/pybind11.h>

#include <cstdint>

PYBIND11_MODULE(cts_pybind11, module) {
  module.def("nothing_0", []() {});
  module.def("nothing_3", [](std::int64_t, std::int64_t, std::int64_t) {});
  module.def("sum_3", [](std::int64_t a, std::int64_t b, std::int64_t c) { return a + b + c; });
}
