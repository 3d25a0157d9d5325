/* SPDX-License-Identifier: Apache-2.0 */
/* Functions that do nothing, bound with nanobind. `sum_3` shows that the arguments arrive. */
#include <nanobind/nanobind.h>

#include <cstdint>

NB_MODULE(cts_nanobind, module) {
  module.def("nothing_0", []() {});
  module.def("nothing_3", [](std::int64_t, std::int64_t, std::int64_t) {});
  module.def("sum_3", [](std::int64_t a, std::int64_t b, std::int64_t c) { return a + b + c; });
}
