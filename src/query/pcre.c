/*
** pcre.c - see pcre.h.
*/
#include "query/pcre.h"

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
