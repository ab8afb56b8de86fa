/*
** machine.c - counting, freeing and searching machines.
*/
#include "asl/machine.h"

#include <string.h>

#include "asl/choice.h"
#include "asl/resource.h"
#include "base/json.h"

sf_machine *sf_machine_retain(sf_machine *m) {
  m->refs++;
  return m;
}

static void clear_operand(sf_operand *o) {
  sf_release(o->constant);
  sf_expr_free(o->expr);
}

static void free_retriers(const sf_alloc *mem, sf_state *s) {
  uint32_t i;
  for (i = 0; i < s->nretriers; i++)
    sf_release(s->retriers[i].errors);
  sf_alloc_free(mem, s->retriers, s->nretriers * sizeof *s->retriers);
}

static void free_catchers(const sf_alloc *mem, sf_state *s) {
  uint32_t i;
  for (i = 0; i < s->ncatchers; i++) {
    sf_release(s->catchers[i].errors);
    sf_expr_free(s->catchers[i].result_path.expr);
    sf_template_free(s->catchers[i].assign);
    sf_template_free(s->catchers[i].output);
  }
  sf_alloc_free(mem, s->catchers, s->ncatchers * sizeof *s->catchers);
}

static void free_rule(const sf_alloc *mem, sf_choice_rule *rule) {
  uint32_t i;
  for (i = 0; i < rule->ntests; i++)
    sf_test_clear(&rule->tests[i]);
  sf_alloc_free(mem, rule->tests, rule->ntests * sizeof *rule->tests);
  sf_template_free(rule->assign);
  sf_template_free(rule->output);
  clear_operand(&rule->condition);
}

static void free_choice(const sf_alloc *mem, sf_choice *choice) {
  uint32_t i;
  if (choice == NULL)
    return;
  for (i = 0; i < choice->count; i++)
    free_rule(mem, &choice->rules[i]);
  sf_alloc_free(mem, choice->rules, choice->count * sizeof *choice->rules);
  sf_alloc_free(mem, choice, sizeof *choice);
}

static void clear_task(sf_task *task) {
  sf_resource_clear(&task->resource);
  clear_operand(&task->timeout);
  clear_operand(&task->heartbeat);
  sf_template_free(task->credentials);
}

static void free_distribution(const sf_alloc *mem, sf_distribution *d) {
  if (d == NULL)
    return;
  sf_release(d->reader.resource);
  sf_release(d->reader.headers);
  sf_release(d->reader.pointer);
  sf_template_free(d->reader.parameters);
  clear_operand(&d->reader.max_items);
  sf_template_free(d->batcher.input);
  clear_operand(&d->batcher.max_items);
  clear_operand(&d->batcher.max_bytes);
  sf_release(d->writer.resource);
  sf_template_free(d->writer.parameters);
  sf_alloc_free(mem, d, sizeof *d);
}

static void clear_map(const sf_alloc *mem, sf_map *map) {
  sf_expr_free(map->items.expr);
  sf_template_free(map->items_template);
  sf_template_free(map->item_selector);
  clear_operand(&map->max_concurrency);
  clear_operand(&map->tolerated_count);
  clear_operand(&map->tolerated_percentage);
  sf_release(map->label);
  free_distribution(mem, map->distribution);
}

/* What only this type of state has. */
static void clear_type(const sf_alloc *mem, sf_state *s) {
  switch (s->type) {
    case SF_TASK: clear_task(&s->u.task); break;
    case SF_WAIT:
      clear_operand(&s->u.wait.seconds);
      clear_operand(&s->u.wait.timestamp);
      break;
    case SF_FAIL:
      clear_operand(&s->u.fail.error);
      clear_operand(&s->u.fail.cause);
      break;
    case SF_CHOICE: free_choice(mem, s->u.choice); break;
    case SF_PARALLEL:
      sf_alloc_free(mem, s->u.parallel.branches,
                    s->u.parallel.count * sizeof(uint32_t));
      break;
    case SF_MAP: clear_map(mem, &s->u.map); break;
    default: break;
  }
}

static void clear_state(const sf_alloc *mem, sf_state *s) {
  sf_release(s->name);
  sf_release(s->pointer);
  sf_release(s->waits);
  sf_expr_free(s->input_path.expr);
  sf_template_free(s->parameters);
  sf_release(s->result);
  sf_template_free(s->result_selector);
  sf_expr_free(s->result_path.expr);
  sf_template_free(s->assign);
  sf_expr_free(s->output_path.expr);
  sf_template_free(s->output);
  free_retriers(mem, s);
  free_catchers(mem, s);
  clear_type(mem, s);
}

void sf_machine_release(sf_machine *m) {
  uint32_t i;
  if (m == NULL || --m->refs > 0)
    return;
  for (i = 0; i < m->nstates; i++)
    clear_state(m->mem, &m->states[i]);
  sf_alloc_free(m->mem, m->states, m->nstates * sizeof *m->states);
  sf_alloc_free(m->mem, m->scopes, m->nscopes * sizeof *m->scopes);
  sf_release(m->name);
  sf_release(m->definition);
  sf_release(m->variables_read);
  sf_alloc_free(m->mem, m, sizeof *m);
}

uint32_t sf_machine_find(const sf_machine *m, const char *pointer, size_t len) {
  uint32_t i;
  for (i = 0; i < m->nstates; i++) {
    sf_value at = m->states[i].pointer;
    if (sf_string_length(at) == len &&
        memcmp(sf_string_text(at), pointer, len) == 0)
      return i;
  }
  return SF_NONE;
}

static sf_status compute_digest(sf_machine *m) {
  sf_value text = sf_json_text(m->mem, m->definition);
  sf_status st = SF_ERR_NOMEM;
  if (text.kind != SF_ABSENT)
    st = sf_sha256(sf_string_text(text), sf_string_length(text), m->digest);
  sf_release(text);
  m->is_digested = st == SF_OK;
  return st;
}

sf_status sf_machine_digest(sf_machine *m, unsigned char out[SF_SHA256_SIZE]) {
  sf_status st = m->is_digested ? SF_OK : compute_digest(m);
  if (st == SF_OK)
    memcpy(out, m->digest, SF_SHA256_SIZE);
  return st;
}

bool sf_map_is_unable(const sf_map *m) {
  return m->distribution != NULL && !m->distributed;
}
