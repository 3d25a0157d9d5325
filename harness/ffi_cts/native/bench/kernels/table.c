/* SPDX-License-Identifier: Apache-2.0 */
/* Every operation, topic by topic, in the order in which they are listed. */
#include "kernels.h"

#define TOPICS(X) \
  X(controls)     \
  X(calls)        \
  X(objects)      \
  X(values)       \
  X(texts)        \
  X(errors)       \
  X(tensors)      \
  X(environment)  \
  X(globals)      \
  X(types)        \
  X(dtypes)       \
  X(small)        \
  X(containers)

#define DECLARE(topic) extern const bench_topic bench_##topic;
TOPICS(DECLARE)
#undef DECLARE

#define POINTER(topic) &bench_##topic,
static const bench_topic* const topics[] = {TOPICS(POINTER)};
#undef POINTER

const bench_op* bench_op_at(unsigned index) {
  for (unsigned i = 0; i < sizeof(topics) / sizeof(topics[0]); ++i) {
    if (index < topics[i]->count) return &topics[i]->ops[index];
    index -= topics[i]->count;
  }
  return NULL;
}
