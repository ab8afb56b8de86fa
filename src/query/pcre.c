/*
** pcre.c - see pcre.h.
*/
#include "query/pcre.h"

#include <string.h>

typedef union block_head {
  size_t size;
  long double align;
  void *pointer;
} block_head;

static void *allocate(size_t size, void *ud) {
  block_head *head;
  if (size > SIZE_MAX - sizeof *head)
    return NULL;
  head = sf_alloc_new(ud, size + sizeof *head);
  if (head == NULL)
    return NULL;
  head->size = size + sizeof *head;
  return head + 1;
}

static void release(void *block, void *ud) {
  block_head *head = block;
  if (head == NULL)
    return;
  head--;
  sf_alloc_free(ud, head, head->size);
}

pcre2_general_context *sf_pcre_context(const sf_alloc *mem) {
  return pcre2_general_context_create(allocate, release,
                                      (void *)(uintptr_t)mem);
}

/* --- matches that may take long --- */

bool sf_pcre_repeats(const char *pattern, size_t len) {
  size_t i;
  for (i = 0; i < len; i++)
    if (pattern[i] != '\0' && strchr("*+?{", pattern[i]) != NULL)
      return true;
  return false;
}

bool sf_pcre_is_memory(int code) {
  return code == PCRE2_ERROR_NOMEMORY || code == 121; /* of pcre2_compile */
}

bool sf_pcre_is_limit(int code) {
  return code == PCRE2_ERROR_MATCHLIMIT || code == PCRE2_ERROR_DEPTHLIMIT;
}

#define COUNTED_AT_ONCE 1024
#define WORK_OF_STEP    2 /* so much work of a match is one step ... */
#define TIME_OF_WORK    2 /* ... but takes as long as so many */

typedef struct counter {
  sf_budget *budget;
  size_t last; /* position */
  uint64_t work;
} counter;

/* Before each item of the pattern; what was passed over since the last one is
** work too. */
static int count(pcre2_callout_block *at, void *ud) {
  counter *c = ud;
  size_t now = at->current_position;
  uint64_t work;
  c->work += 1 + (now > c->last ? now - c->last : c->last - now) / 8;
  c->last = now;
  if (c->work < COUNTED_AT_ONCE)
    return 0;
  work = c->work;
  c->work = 0;
  return sf_budget_take(c->budget, work / WORK_OF_STEP) &&
             sf_budget_spend(c->budget, work * TIME_OF_WORK)
           ? 0
           : PCRE2_ERROR_CALLOUT;
}

int sf_pcre_match_counted(pcre2_general_context *general,
                          const pcre2_code *counted, const char *text,
                          size_t len, size_t start, uint32_t options,
                          uint32_t heap_max, uint32_t work_max,
                          sf_budget *budget, pcre2_match_data **data) {
  pcre2_match_context *limits = pcre2_match_context_create(general);
  counter c = {budget, start, 0};
  int code = PCRE2_ERROR_NOMEMORY;
  *data = pcre2_match_data_create_from_pattern(counted, general);
  if (*data != NULL && limits != NULL) {
    pcre2_set_heap_limit(limits, heap_max);
    pcre2_set_match_limit(limits, work_max);
    pcre2_set_depth_limit(limits, work_max);
    pcre2_set_callout(limits, count, &c);
    code = pcre2_match(counted, (PCRE2_SPTR)text, len, start, options, *data,
                       limits);
  }
  pcre2_match_context_free(limits);
  return code;
}
