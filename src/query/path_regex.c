/*
** path_regex.c - see path_regex.h.  Both kinds of patterns are rewritten for
** PCRE2: an I-Regexp is checked against the grammar of RFC 9485 on the way,
** since PCRE2 would take more; of Java's patterns only what PCRE2 does
** otherwise is changed.
*/
#include <string.h>

#include "base/buffer.h"
#include "base/utf8.h"
#include "query/path_regex.h"
#include "query/pcre.h"

struct sf_regex {
  const sf_alloc *mem;
  pcre2_general_context *general;
  pcre2_match_context *limits;
  pcre2_code *code, *counted; /* see pcre.h; the second may be NULL */
  pcre2_match_data *data;
  uint32_t options; /* of matching */
};

/* --- I-Regexp --- */

/* A pattern while it is rewritten. */
typedef struct writer {
  const char *at, *end;
  sf_buffer out;
  unsigned depth; /* of parentheses */
} writer;

static char peek(const writer *w) {
  return w->at < w->end ? *w->at : '\0';
}

static void copy(writer *w, size_t n) {
  sf_buffer_add(&w->out, w->at, n);
  w->at += n;
}

/* One character as it is. */
static void copy_char(writer *w) {
  copy(w, sf_utf8_length(w->at, w->end));
}

/* \p{Lu}: general categories only. */
static bool copy_category(writer *w) {
  static const char *const categories[] = {
    "L",  "Ll", "Lm", "Lo", "Lt", "Lu", "M",  "Mc", "Me", "Mn", "N",  "Nd",
    "Nl", "No", "P",  "Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "Z",  "Zl",
    "Zp", "Zs", "S",  "Sc", "Sk", "Sm", "So", "C",  "Cc", "Cf", "Cn", "Co"};
  size_t i, len;
  for (i = 0; i < sizeof categories / sizeof *categories; i++) {
    len = strlen(categories[i]);
    if ((size_t)(w->end - w->at) >= len + 4 && w->at[2] == '{' &&
        memcmp(w->at + 3, categories[i], len) == 0 && w->at[3 + len] == '}') {
      copy(w, len + 4);
      return true;
    }
  }
  return false;
}

/* A backslash and what follows. */
static bool copy_escape(writer *w) {
  char c = w->end - w->at > 1 ? w->at[1] : '\0';
  if (c == 'p' || c == 'P')
    return copy_category(w);
  if (c == '\0' || strchr("()*+-.?[\\]^nrt{|}$", c) == NULL)
    return false;
  copy(w, 2);
  return true;
}

/* One character of a class, or a range. */
static bool copy_class_item(writer *w) {
  int ends;
  for (ends = 0; ends < 2; ends++) {
    bool category = w->end - w->at > 1 && w->at[0] == '\\' &&
                    (w->at[1] == 'p' || w->at[1] == 'P');
    char c = peek(w);
    if (c == '\\') {
      if (!copy_escape(w))
        return false;
    } else if (w->at == w->end || c == '[' || c == ']' || c == '-')
      return false;
    else
      copy_char(w);
    if (category || w->end - w->at < 2 || w->at[0] != '-' || w->at[1] == ']' ||
        ends == 1)
      return true;
    copy(w, 1);
  }
  return true;
}

/* [...], with a '-' at the beginning or the end being itself. */
static bool copy_class(writer *w) {
  bool first = true;
  copy(w, 1);
  if (peek(w) == '^')
    copy(w, 1);
  for (; w->at < w->end && (first || *w->at != ']'); first = false) {
    if (*w->at == '-' && (first || (w->end - w->at > 1 && w->at[1] == ']'))) {
      sf_buffer_add_text(&w->out, "\\-");
      w->at++;
    } else if (!copy_class_item(w))
      return false;
  }
  if (w->at == w->end)
    return false;
  copy(w, 1);
  return true;
}

static size_t digits(const writer *w, size_t ahead) {
  size_t n = 0;
  while (w->at + ahead + n < w->end && w->at[ahead + n] >= '0' &&
         w->at[ahead + n] <= '9')
    n++;
  return n;
}

/* {2}, {2,} or {2,3} */
static bool copy_count(writer *w) {
  size_t n = digits(w, 1);
  if (n == 0)
    return false;
  n++;
  if (w->at + n < w->end && w->at[n] == ',')
    n += 1 + digits(w, n + 1);
  if (w->at + n >= w->end || w->at[n] != '}')
    return false;
  copy(w, n + 1);
  return true;
}

static bool copy_quantifier(writer *w) {
  char c = peek(w);
  if (c == '{')
    return copy_count(w);
  if (c == '*' || c == '+' || c == '?')
    copy(w, 1);
  c = peek(w);
  return c != '*' && c != '+' && c != '?' && c != '{';
}

/* One atom with its quantifier, or a sign between atoms. */
static bool rewrite_atom(writer *w) {
  switch (peek(w)) {
    case '(':
      w->depth++;
      sf_buffer_add_text(&w->out, "(?:");
      w->at++;
      return peek(w) != '*' && peek(w) != '+' && peek(w) != '?';
    case ')':
      if (w->depth-- == 0)
        return false;
      copy(w, 1);
      return copy_quantifier(w);
    case '|':
      copy(w, 1);
      return peek(w) != '*' && peek(w) != '+' && peek(w) != '?';
    case '.':
      sf_buffer_add_text(&w->out, "[^\\n\\r]");
      w->at++;
      return copy_quantifier(w);
    case '\\': return copy_escape(w) && copy_quantifier(w);
    case '[': return copy_class(w) && copy_quantifier(w);
    case '*':
    case '+':
    case '?':
    case '{':
    case '}':
    case ']': return false;
    default: copy_char(w); return copy_quantifier(w);
  }
}

static bool rewrite_iregexp(writer *w) {
  while (w->at < w->end)
    if (!rewrite_atom(w))
      return false;
  return w->depth == 0;
}

/* --- java.util.regex --- */

/* Java folds the case of ASCII letters only, unless it is told otherwise. */
static void rewrite_java(writer *w, bool ascii_case) {
  bool in_class = false;
  while (w->at < w->end) {
    size_t n = sf_utf8_length(w->at, w->end);
    if (*w->at == '\\' && w->end - w->at > 1) {
      copy(w, 1);
      copy_char(w);
    } else if (n > 1 && ascii_case && !in_class) {
      sf_buffer_add_text(&w->out, "(?-i:");
      copy(w, n);
      sf_buffer_add_char(&w->out, ')');
    } else {
      if (*w->at == '[' || *w->at == ']')
        in_class = *w->at == '[';
      copy(w, n);
    }
  }
}

static const struct {
  char letter;
  uint32_t option;
} flag_options[] = {{'i', PCRE2_CASELESS},
                    {'x', PCRE2_EXTENDED},
                    {'m', PCRE2_MULTILINE},
                    {'s', PCRE2_DOTALL},
                    {'U', PCRE2_UCP},
                    {'u', 0},
                    {'d', 0}};

static sf_status read_flags(const char *flags, size_t len, uint32_t *options,
                            sf_error *err) {
  size_t i, row, rows = sizeof flag_options / sizeof *flag_options;
  for (i = 0; i < len; i++) {
    for (row = 0; row < rows && flag_options[row].letter != flags[i]; row++)
      ;
    if (row == rows)
      return sf_error_set(err, SF_ERR_SYNTAX,
                          "there is no flag '%c' of regular expressions",
                          flags[i]);
    *options |= flag_options[row].option;
  }
  return SF_OK;
}

/* --- compiling --- */

static sf_status compile(sf_regex *r, sf_regex_kind kind, const sf_buffer *b,
                         uint32_t options, bool unix_lines, sf_error *err) {
  const char *pattern = b->length > 0 ? b->bytes : "";
  int code = 0;
  size_t offset;
  PCRE2_UCHAR message[128];
  pcre2_compile_context *context = pcre2_compile_context_create(r->general);
  if (context == NULL)
    return sf_error_nomem(err);
  options |= PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_NO_UTF_CHECK;
  pcre2_set_newline(context, kind == SF_REGEX_JAVA && !unix_lines
                               ? PCRE2_NEWLINE_ANY
                               : PCRE2_NEWLINE_LF);
  pcre2_set_parens_nest_limit(context, 100);
  r->code = pcre2_compile((PCRE2_SPTR)pattern, b->length, options, &code,
                          &offset, context);
  if (r->code != NULL && sf_pcre_repeats(pattern, b->length))
    r->counted =
      pcre2_compile((PCRE2_SPTR)pattern, b->length,
                    options | PCRE2_AUTO_CALLOUT, &code, &offset, context);
  pcre2_compile_context_free(context);
  if (sf_pcre_is_memory(code))
    return sf_error_nomem(err);
  if (r->code != NULL)
    return SF_OK;
  pcre2_get_error_message(code, message, sizeof message);
  return sf_error_at(err, SF_ERR_SYNTAX, offset, "regular expression: %s",
                     (const char *)message);
}

static sf_status prepare(sf_regex *r, sf_error *err) {
  r->limits = pcre2_match_context_create(r->general);
  r->data = pcre2_match_data_create(1, r->general);
  if (r->limits == NULL || r->data == NULL)
    return sf_error_nomem(err);
  pcre2_set_heap_limit(r->limits, SF_REGEX_HEAP_MAX);
  return SF_OK;
}

static sf_status fill(sf_regex *r, sf_regex_kind kind, const char *pattern,
                      size_t len, const char *flags, size_t flags_len,
                      sf_error *err) {
  writer w = {pattern, pattern + len, {0}, 0};
  uint32_t options = 0;
  bool fine = true;
  sf_status status = read_flags(flags, flags_len, &options, err);
  if (status != SF_OK)
    return status;
  sf_buffer_init(&w.out, r->mem);
  if (kind == SF_REGEX_JAVA)
    rewrite_java(&w, (options & PCRE2_CASELESS) != 0 &&
                       memchr(flags, 'u', flags_len) == NULL &&
                       memchr(flags, 'U', flags_len) == NULL);
  else
    fine = rewrite_iregexp(&w);
  if (!fine)
    status = sf_error_at(err, SF_ERR_SYNTAX, (size_t)(w.at - pattern),
                         "not an I-Regexp");
  else if (w.out.failed)
    status = sf_error_nomem(err);
  else
    status = compile(r, kind, &w.out, options,
                     memchr(flags, 'd', flags_len) != NULL, err);
  sf_buffer_clear(&w.out);
  return status == SF_OK ? prepare(r, err) : status;
}

sf_status sf_regex_new(const sf_alloc *mem, sf_regex_kind kind,
                       const char *pattern, size_t len, const char *flags,
                       size_t flags_len, sf_regex **out, sf_error *err) {
  sf_regex *r;
  sf_status status;
  *out = NULL;
  if (len > SF_REGEX_LENGTH_MAX)
    return sf_error_at(err, SF_ERR_SYNTAX, 0,
                       "a regular expression is longer than %d bytes",
                       SF_REGEX_LENGTH_MAX);
  r = sf_alloc_zero(mem, sizeof *r);
  if (r == NULL)
    return sf_error_nomem(err);
  r->mem = mem;
  r->options = kind == SF_REGEX_SEARCH ? 0 : PCRE2_ANCHORED | PCRE2_ENDANCHORED;
  r->general = sf_pcre_context(mem);
  status = r->general == NULL
             ? sf_error_nomem(err)
             : fill(r, kind, pattern, len, flags, flags_len, err);
  if (status != SF_OK) {
    sf_regex_free(r);
    return status;
  }
  *out = r;
  return SF_OK;
}

void sf_regex_free(sf_regex *r) {
  if (r == NULL)
    return;
  pcre2_match_data_free(r->data);
  pcre2_code_free(r->code);
  pcre2_code_free(r->counted);
  pcre2_match_context_free(r->limits);
  pcre2_general_context_free(r->general);
  sf_alloc_free(r->mem, r, sizeof *r);
}

/* --- matching --- */

static sf_status too_much(sf_error *err) {
  return sf_error_set(
    err, SF_ERR_LIMIT,
    "a regular expression needs more work than it is allowed");
}

static int match_quickly(sf_regex *r, const char *text, size_t len,
                         uint32_t options, uint32_t limit) {
  pcre2_set_match_limit(r->limits, limit);
  pcre2_set_depth_limit(r->limits, limit);
  return pcre2_match(r->code, (PCRE2_SPTR)text, len, 0, options, r->data,
                     r->limits);
}

sf_status sf_regex_test(sf_regex *r, const char *text, size_t len,
                        sf_budget *budget, bool *out, sf_error *err) {
  uint32_t options = r->options | PCRE2_NO_UTF_CHECK;
  int code = PCRE2_ERROR_MATCHLIMIT;
  if (!sf_budget_take(budget, 4 + len / 8))
    return too_much(err);
  if (r->counted == NULL)
    code = match_quickly(r, text, len, options, SF_REGEX_WORK_MAX);
  else if (len <= SF_PCRE_SHORT)
    code = match_quickly(r, text, len, options, SF_PCRE_QUICK);
  if (r->counted != NULL && sf_pcre_is_limit(code)) {
    pcre2_match_data *data;
    code = sf_pcre_match_counted(r->general, r->counted, text, len, 0, options,
                                 SF_REGEX_HEAP_MAX, SF_REGEX_WORK_MAX, budget,
                                 &data);
    pcre2_match_data_free(data);
  }
  *out = code >= 0;
  if (code >= 0 || code == PCRE2_ERROR_NOMATCH)
    return SF_OK;
  return code == PCRE2_ERROR_NOMEMORY ? sf_error_nomem(err) : too_much(err);
}
