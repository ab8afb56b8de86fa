/*
** jsonata.c - random expressions on random documents, in both dialects.  An
** input is the text of an expression, a line break, the JSON text of a
** document, which is both the input and the variable $v.
**
** Checked: no fault of memory, nothing left behind, no evaluation that draws
** more than its budget or takes long though it draws little; an error says what
** and where; and whichever allocation fails, the calls fail cleanly.
*/
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "base/random.h"
#include "query/jsonata/jsonata.h"
#include "harness.h"

#define STEPS       200000
#define SECONDS_MAX 5
#define MEMORY_MAX  (64 << 20)

typedef struct world {
  sf_value document;
  uint32_t draws;
} world;

/* $v is the document, $f a function of the host. */
static sf_jsonata_binding variable(void *host, sf_value name) {
  const world *w = host;
  sf_jsonata_binding b = {{{0}, SF_ABSENT}, 0, 2};
  if (sf_string_is(name, "v"))
    b.value = w->document;
  b.function = sf_string_is(name, "f");
  return b;
}

/* Gives its first argument back, and fails without one. */
static sf_status call(void *host, uint32_t function, const sf_value *args,
                      size_t count, sf_value *out, sf_error *err) {
  (void)host;
  check(function == 1, "no such function");
  if (count == 0)
    return sf_error_set(err, SF_ERR_EVALUATE, "no argument");
  *out = sf_retain(args[0]);
  return SF_OK;
}

static uint64_t draw(void *host) {
  world *w = host;
  return sf_random_keyed(1, 2, 3, w->draws++);
}

static void check_fault(sf_status status, const sf_jsonata_fault *fault,
                        size_t len) {
  check(fault->error.status == status, "another status");
  check(fault->error.message[0] != '\0', "no message");
  if (status == SF_ERR_NOMEM)
    return;
  check(fault->error.code != NULL, "no code");
  check(fault->error.offset == SF_NO_OFFSET || fault->error.offset <= len,
        "a fault outside");
  check(fault->position == SF_NO_OFFSET || fault->position <= len,
        "a position outside");
}

static void evaluate(const sf_alloc *mem, const sf_jsonata *expr, size_t len,
                     world *w) {
  sf_budget budget = {.steps = STEPS};
  sf_jsonata_env env = {0};
  sf_jsonata_fault fault;
  sf_value out;
  clock_t begin = clock();
  sf_status status;
  env.mem = mem;
  env.budget = &budget;
  env.host = w;
  env.now = SF_NANOSECONDS * 1700000000;
  env.limits.memory = MEMORY_MAX;
  env.limits.depth = 500;
  env.variable = variable;
  env.call = call;
  env.random = draw;
  status = sf_jsonata_evaluate(expr, &env, w->document, &out, NULL, &fault);
  check((clock() - begin) / CLOCKS_PER_SEC < SECONDS_MAX, "takes too long");
  check(budget.steps <= STEPS, "the budget grew");
  if (status != SF_OK) {
    check(out.kind == SF_ABSENT, "a value in spite of a failure");
    check_fault(status, &fault, len);
  }
  sf_release(out);
}

static void use(const sf_alloc *mem, sf_jsonata_dialect dialect,
                const char *text, size_t len, sf_value document) {
  world w = {document, 0};
  sf_jsonata *expr;
  sf_jsonata_fault fault;
  size_t count, i;
  const sf_jsonata_use *uses;
  sf_status status = sf_jsonata_new(mem, text, len, dialect, &expr, &fault);
  if (status != SF_OK) {
    check(expr == NULL, "an expression in spite of a failure");
    check_fault(status, &fault, len);
    return;
  }
  uses = sf_jsonata_uses(expr, &count);
  for (i = 0; i < count; i++)
    check(uses[i].offset <= len && uses[i].name.kind == SF_STRING,
          "a use without a name");
  evaluate(mem, expr, len, &w);
  sf_jsonata_release(expr);
}

static void both_dialects(long left, const char *text, size_t len,
                          const char *json, size_t json_len) {
  heap h = {0, -1};
  sf_alloc mem = {allocate, NULL, 42};
  sf_value document;
  sf_error err;
  mem.ud = &h;
  if (sf_json_read(&mem, json, json_len, &document, &err) == SF_OK) {
    h.left = left;
    use(&mem, SF_JSONATA_2_2, text, len, document);
    h.left = left;
    use(&mem, SF_JSONATA_AWS, text, len, document);
    sf_release(document);
  }
  check(h.live == 0, "memory is left");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  parts p = parts_of(data, size);
  both_dialects(-1, p.text, p.len, p.rest, p.rest_len);
  both_dialects((long)(size * 7 % 61), p.text, p.len, p.rest, p.rest_len);
  return 0;
}
