/*
** snapshot.c - bytes that say they are a snapshot, with the right checksum.  An
** input is the JSON text of a definition, a line break, what stands behind the
** head of a snapshot and before its checksum.
**
** Checked: no fault of memory, nothing left behind, nothing that runs for ever;
** what is taken can be fed, read, copied and written, and what is written is
** taken again and writes the same; whichever allocation fails, the calls fail
** cleanly.
*/
#include <string.h>

#include "asl/load.h"
#include "run/snapshot.h"
#include "harness.h"

#define HEAD   (8 + 4 + SF_SHA256_SIZE + 1)
#define SLICES 50
#define EVENTS 200

/* --- making a snapshot of it --- */

static sf_machine *load(const sf_alloc *mem, const char *text, size_t len) {
  sf_load_options options = {{{0}, SF_ABSENT}, SF_STANDARD, {{0}, SF_ABSENT}};
  sf_diagnostics diags;
  sf_machine *machine = NULL;
  sf_error err;
  sf_diagnostics_init(&diags, mem);
  sf_load_text(mem, text, len, &options, &machine, &diags, &err);
  sf_diagnostics_clear(&diags);
  return machine;
}

static void seal(const sf_alloc *mem, sf_machine *machine, const uint8_t *body,
                 size_t len, sf_buffer *out) {
  static const char start[] = "\x89stepfnS\1\0\0";
  unsigned char digest[SF_SHA256_SIZE];
  sf_buffer_init(out, mem);
  sf_buffer_add(out, start, sizeof start);
  check(sf_machine_digest(machine, digest) == SF_OK, "digest");
  sf_buffer_add(out, (const char *)digest, sizeof digest);
  sf_buffer_add_char(out, (char)machine->type);
  check(out->length == HEAD, "the head has another size");
  sf_buffer_add(out, (const char *)body, len);
  sf_sha256(out->bytes, out->length, digest);
  sf_buffer_add(out, (const char *)digest, sizeof digest);
}

/* --- using what was taken --- */

static void answer(sf_execution *x, const sf_effect *effect, unsigned n) {
  static const char piece[] = "[1,{\"a\":2},3";
  sf_event e;
  sf_answer answer;
  sf_error err;
  memset(&e, 0, sizeof e);
  e.now = sf_execution_now(x);
  e.start_date = SF_TIME_NEVER;
  if (effect->type == SF_EFFECT_TASK) {
    e.type = n % 3 == 0 ? SF_EVENT_TASK_FAILED : SF_EVENT_TASK_SUCCEEDED;
    e.task = effect->task;
    e.output = sf_integer((int64_t)n);
  } else if (effect->type == SF_EFFECT_CHILD) {
    e.type = SF_EVENT_CHILD_FINISHED;
    e.child = effect->child;
    e.status = n % 3 == 0 ? SF_FAILED : SF_SUCCEEDED;
    e.output = sf_integer((int64_t)n);
  } else if (effect->type == SF_EFFECT_READ) {
    e.type = SF_EVENT_READ;
    e.reader = effect->reader;
    e.bytes.text = piece;
    e.bytes.length = sizeof piece - 1;
    e.end = n % 2 == 0;
  } else if (effect->type == SF_EFFECT_WRITE) {
    e.type = n % 5 == 0 ? SF_EVENT_WRITE_FAILED : SF_EVENT_WRITTEN;
    e.writer = effect->writer;
  } else {
    return;
  }
  sf_execution_feed(x, &e, &answer, &err);
}

static void drain(sf_execution *x) {
  sf_effect effect;
  unsigned n = 0;
  while (n < EVENTS && sf_execution_next_effect(x, &effect)) {
    answer(x, &effect, n++);
    sf_effect_clear(&effect);
  }
}

static void feed(sf_execution *x, sf_event_type type, sf_time now) {
  sf_event e;
  sf_answer answer;
  sf_error err;
  memset(&e, 0, sizeof e);
  e.type = type;
  e.now = now;
  e.task = 1;
  e.child = 1;
  e.start_date = SF_TIME_NEVER;
  sf_execution_feed(x, &e, &answer, &err);
}

static void drive(sf_execution *x) {
  bool implicit;
  sf_time wake;
  int i;
  feed(x, SF_EVENT_TASK_LOST, sf_execution_now(x));
  feed(x, SF_EVENT_TASK_HEARTBEAT, sf_execution_now(x));
  for (i = 0; i < SLICES && sf_execution_status_of(x) == SF_RUNNING; i++) {
    drain(x);
    wake = sf_execution_next_wake(x, &implicit);
    feed(x, SF_EVENT_TIME, wake == SF_TIME_NEVER ? sf_execution_now(x) : wake);
  }
  feed(x, SF_EVENT_STOP, sf_execution_now(x));
  drain(x);
}

static void look(sf_execution *x) {
  sf_pending pending;
  sf_value v;
  size_t i;
  for (i = 0; sf_execution_pending(x, i, &pending); i++)
    check(pending.task != 0, "an attempt without id");
  for (i = 0; i < sf_execution_history_count(x); i++)
    sf_release(sf_execution_history_at(x, i));
  sf_release(sf_execution_trace(x));
  for (i = 0; (v = sf_execution_map_run(x, i)).kind != SF_ABSENT; i++)
    sf_release(v);
}

/* What is written is taken, and writes the same. */
static void check_again(const sf_alloc *mem, sf_machine *machine,
                        sf_execution *x) {
  sf_snapshot_options options = {true, NULL, 0};
  sf_buffer one, two;
  sf_execution *again;
  sf_error err;
  sf_buffer_init(&one, mem);
  sf_buffer_init(&two, mem);
  check(sf_snapshot_write(x, &options, &one, &err) == SF_OK, "not written");
  check(sf_snapshot_read(mem, machine, one.bytes, one.length, &again, &err) ==
          SF_OK,
        "what was written is not taken");
  check(sf_snapshot_write(again, &options, &two, &err) == SF_OK &&
          one.length == two.length &&
          memcmp(one.bytes, two.bytes, one.length) == 0,
        "what was taken writes something else");
  sf_execution_free(again);
  sf_buffer_clear(&one);
  sf_buffer_clear(&two);
}

static void use(const sf_alloc *mem, sf_machine *machine, sf_execution *x,
                bool thorough) {
  unsigned char print[SF_FINGERPRINT_SIZE];
  sf_execution *copy;
  sf_error err;
  if (thorough)
    check_again(mem, machine, x);
  sf_execution_fingerprint(x, print, &err);
  if (sf_execution_fork(x, &copy, &err) == SF_OK)
    drive(copy);
  sf_execution_free(copy);
  drive(x);
  feed(x, SF_EVENT_REDRIVE, sf_execution_now(x));
  if (thorough && sf_execution_status_of(x) == SF_RUNNING)
    check_again(mem, machine, x);
  drive(x);
  if (thorough && sf_execution_history_count(x) < 1000)
    look(x);
}

static void run(long left, const char *text, size_t len, const uint8_t *body,
                size_t body_len) {
  heap h = {0, -1};
  sf_alloc mem = {allocate, NULL, 42};
  sf_machine *machine;
  sf_execution *x = NULL;
  sf_buffer bytes;
  sf_error err;
  mem.ud = &h;
  machine = load(&mem, text, len);
  if (machine == NULL) {
    check(h.live == 0, "a failed load leaves memory");
    return;
  }
  seal(&mem, machine, body, body_len, &bytes);
  h.left = left;
  if (sf_snapshot_read(&mem, machine, bytes.bytes, bytes.length, &x, &err) ==
      SF_OK)
    use(&mem, machine, x, left < 0);
  else
    check(x == NULL, "an execution in spite of a failure");
  sf_execution_free(x);
  sf_buffer_clear(&bytes);
  sf_machine_release(machine);
  check(h.live == 0, "memory is left");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  parts p = parts_of(data, size);
  if (p.len == size || p.rest_len < 4)
    return 0;
  run(-1, p.text, p.len, (const uint8_t *)p.rest, p.rest_len);
  run((long)(size * 7 % 97), p.text, p.len, (const uint8_t *)p.rest,
      p.rest_len);
  return 0;
}
