/*
** regex.c - see regex.h.
*/
#include <string.h>

#include "base/buffer.h"
#include "query/jsonata/compiler.h"
#include "query/pcre.h"
#include "query/jsonata/regex.h"
#include "query/jsonata/text.h"

struct jn_regex {
  struct jn_regex *next;
  const sf_alloc *mem;
  pcre2_general_context *general;
  pcre2_match_context *limits;
  pcre2_code *code, *counted; /* see pcre.h; the second may be NULL */
  pcre2_match_data *data;
};

/* --- from ECMAScript to PCRE2 --- */

/* U+2028, U+2029 and U+FEFF as they are: with PCRE2_ALT_BSUX there is no
** \\x{...}. */
#define LINE_ENDS  "\xE2\x80\xA8\xE2\x80\xA9"
#define FAR_BLANKS LINE_ENDS "\xEF\xBB\xBF"

/* Escapes of letters that mean the same in both, or that PCRE2 takes as
** ECMAScript does with PCRE2_ALT_BSUX.  Any other letter is itself. */
static bool is_shared_escape(char c) {
  return strchr("bBdDfknrsStuvwWx", c) != NULL;
}

static bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* A backslash and what follows, at *i. */
static void rewrite_escape(jn_bytes p, size_t *i, sf_buffer *out) {
  char c = *i + 1 < p.length ? p.at[*i + 1] : '\0';
  if (c == 'c' && *i + 2 < p.length && is_letter(p.at[*i + 2])) {
    sf_buffer_add(out, p.at + *i, 3);
    *i += 3;
  } else if (c == 's' || c == 'S') { /* also the blanks beyond ASCII */
    sf_buffer_add_text(out, c == 's' ? "[\\s\\h" FAR_BLANKS "]"
                                     : "[^\\s\\h" FAR_BLANKS "]");
    *i += 2;
  } else if (is_letter(c) && !is_shared_escape(c)) {
    sf_buffer_add_char(out, c);
    *i += 2;
  } else {
    sf_buffer_add_char(out, '\\');
    *i += 1;
    if (c != '\0')
      sf_buffer_add_char(out, p.at[(*i)++]);
  }
}

/* Within [...] the escape \s stands beside others. */
static void rewrite_class_escape(jn_bytes p, size_t *i, sf_buffer *out) {
  char c = *i + 1 < p.length ? p.at[*i + 1] : '\0';
  if (c != 's' && c != 'S') {
    rewrite_escape(p, i, out);
    return;
  }
  sf_buffer_add_text(out, c == 's' ? "\\s\\h" FAR_BLANKS : "\\S");
  *i += 2;
}

static void rewrite(jn_bytes p, sf_buffer *out) {
  bool in_class = false;
  size_t i = 0;
  while (i < p.length) {
    char c = p.at[i];
    if (c == '\\') {
      (in_class ? rewrite_class_escape : rewrite_escape)(p, &i, out);
      continue;
    }
    if (in_class && c == '[')
      sf_buffer_add_char(out, '\\'); /* no [:alpha:] */
    else if (!in_class && c == '.') {
      sf_buffer_add_text(out, "[^\\n\\r" LINE_ENDS "]");
      i++;
      continue;
    }
    if (c == '[' || c == ']')
      in_class = c == '[';
    sf_buffer_add_char(out, c);
    i++;
  }
}

/* --- compiling --- */

static bool fail_pattern(jn_fault *fault, jn_arena *a, const char *message) {
  fault->message = jn_text_copy(a, message, strlen(message));
  jn_fault_set(fault, "S0303", jn_undefined());
  return false;
}

static bool compile(jn_regex *r, const sf_buffer *b, uint32_t options,
                    jn_arena *a, jn_fault *fault) {
  int code = 0;
  size_t offset;
  PCRE2_UCHAR message[128];
  pcre2_compile_context *context = pcre2_compile_context_create(r->general);
  if (context == NULL)
    return jn_fault_nomem(fault);
  pcre2_set_newline(context, PCRE2_NEWLINE_ANYCRLF);
  pcre2_set_parens_nest_limit(context, 100);
  pcre2_set_compile_extra_options(context, 0);
  r->code = pcre2_compile((PCRE2_SPTR)b->bytes, b->length, options, &code,
                          &offset, context);
  if (r->code != NULL && sf_pcre_repeats(b->bytes, b->length))
    r->counted =
      pcre2_compile((PCRE2_SPTR)b->bytes, b->length,
                    options | PCRE2_AUTO_CALLOUT, &code, &offset, context);
  pcre2_compile_context_free(context);
  if (sf_pcre_is_memory(code))
    return jn_fault_nomem(fault);
  if (r->code != NULL)
    return true;
  pcre2_get_error_message(code, message, sizeof message);
  return fail_pattern(fault, a, (const char *)message);
}

static bool fill(jn_regex *r, jn_bytes pattern, uint32_t options, jn_arena *a,
                 jn_fault *fault) {
  sf_buffer b;
  bool fine;
  r->general = sf_pcre_context(r->mem);
  if (r->general == NULL)
    return jn_fault_nomem(fault);
  sf_buffer_init(&b, r->mem);
  rewrite(pattern, &b);
  fine = b.failed ? jn_fault_nomem(fault) : compile(r, &b, options, a, fault);
  sf_buffer_clear(&b);
  if (!fine)
    return false;
  r->limits = pcre2_match_context_create(r->general);
  r->data = pcre2_match_data_create_from_pattern(r->code, r->general);
  if (r->limits == NULL || r->data == NULL)
    return jn_fault_nomem(fault);
  pcre2_set_heap_limit(r->limits, JN_REGEX_HEAP_MAX);
  return true;
}

jn_regex *jn_regex_new(struct jn_kept *kept, const sf_alloc *mem,
                       jn_bytes pattern, bool caseless, bool multiline,
                       jn_fault *fault) {
  uint32_t options = PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_NO_UTF_CHECK |
                     PCRE2_ALT_BSUX | PCRE2_ALLOW_EMPTY_CLASS |
                     PCRE2_MATCH_UNSET_BACKREF;
  jn_regex *r = jn_arena_zero(kept->arena, sizeof *r);
  if (r == NULL) {
    jn_fault_nomem(fault);
    return NULL;
  }
  r->mem = mem;
  r->next = kept->regexes;
  kept->regexes = r;
  if (pattern.length > JN_REGEX_LENGTH_MAX) {
    fail_pattern(fault, kept->arena, "it is too long");
    return NULL;
  }
  options |= caseless ? PCRE2_CASELESS : 0;
  options |= multiline ? PCRE2_MULTILINE : PCRE2_DOLLAR_ENDONLY;
  return fill(r, pattern, options, kept->arena, fault) ? r : NULL;
}

void jn_regex_free_all(jn_regex *r) {
  for (; r != NULL; r = r->next) {
    pcre2_match_data_free(r->data);
    pcre2_code_free(r->code);
    pcre2_code_free(r->counted);
    pcre2_match_context_free(r->limits);
    pcre2_general_context_free(r->general);
  }
}

/* --- matching --- */

static int too_much(jn_fault *fault) {
  if (fault->status == SF_OK) {
    jn_fault_set(fault, "U1001", jn_undefined());
    fault->status = SF_ERR_LIMIT;
    fault->name = "a regular expression needs more work than it is allowed";
  }
  return -1;
}

static bool copy_vector(pcre2_match_data *data, jn_arena *arena,
                        jn_regex_hit *hit) {
  uint32_t groups = pcre2_get_ovector_count(data);
  size_t count = 2 * (size_t)groups;
  size_t *to = hit->few;
  if (count > sizeof hit->few / sizeof *hit->few)
    to = jn_arena_new(arena, count * sizeof *to);
  if (to == NULL)
    return false;
  memcpy(to, pcre2_get_ovector_pointer(data), count * sizeof *to);
  hit->vector = to;
  hit->groups = groups;
  return true;
}

static int match_quickly(const jn_regex *r, jn_bytes text, size_t start,
                         uint32_t limit) {
  pcre2_set_match_limit(r->limits, limit);
  pcre2_set_depth_limit(r->limits, limit);
  return pcre2_match(r->code, (PCRE2_SPTR)text.at, text.length, start,
                     PCRE2_NO_UTF_CHECK, r->data, r->limits);
}

static int outcome(int code, pcre2_match_data *data, jn_arena *arena,
                   jn_regex_hit *hit, jn_fault *fault) {
  if (code == PCRE2_ERROR_NOMATCH)
    return 0;
  if (code >= 0 && copy_vector(data, arena, hit))
    return 1;
  if (code < 0 && code != PCRE2_ERROR_NOMEMORY)
    return too_much(fault);
  jn_fault_nomem(fault);
  return -1;
}

static int find(const jn_regex *r, jn_bytes text, size_t start,
                sf_budget *budget, jn_arena *arena, jn_regex_hit *hit,
                jn_fault *fault) {
  pcre2_match_data *data = NULL;
  int code = PCRE2_ERROR_MATCHLIMIT, result;
  if (r->counted == NULL)
    code = match_quickly(r, text, start, JN_REGEX_WORK_MAX);
  else if (text.length - start <= SF_PCRE_SHORT)
    code = match_quickly(r, text, start, SF_PCRE_QUICK);
  if (r->counted == NULL || !sf_pcre_is_limit(code))
    return outcome(code, r->data, arena, hit, fault);
  code = sf_pcre_match_counted(r->general, r->counted, text.at, text.length,
                               start, PCRE2_NO_UTF_CHECK, JN_REGEX_HEAP_MAX,
                               JN_REGEX_WORK_MAX, budget, &data);
  result = outcome(code, data, arena, hit, fault);
  pcre2_match_data_free(data);
  return result;
}

#define MATCH_TIME 20 /* of the shortest match, in steps */

int jn_regex_find(const jn_regex *r, jn_bytes text, size_t start,
                  sf_budget *budget, jn_arena *arena, jn_regex_hit *hit,
                  jn_fault *fault) {
  size_t to = text.length;
  int found;
  if (!sf_budget_take(budget, 4) || !sf_budget_spend(budget, MATCH_TIME))
    return too_much(fault);
  found = find(r, text, start, budget, arena, hit, fault);
  if (found > 0)
    to = hit->vector[1] > start ? hit->vector[1] : start;
  if (found >= 0 && !sf_budget_take(budget, (to - start) / 64))
    return too_much(fault);
  return found;
}
