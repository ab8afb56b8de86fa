/*
** letter_case.c - see letter_case.h.
*/
#include "query/jsonata/letter_case.h"

#include <string.h>

#include "query/pcre.h"
#include "query/jsonata/text.h"

static bool is_ascii(jn_bytes b) {
  size_t i;
  for (i = 0; i < b.length; i++)
    if ((unsigned char)b.at[i] >= 0x80)
      return false;
  return true;
}

static jn_value ascii_case(jn_arena *a, jn_bytes b, bool upper,
                           jn_fault *fault) {
  jn_value v = jn_text_copy(a, b.at, b.length);
  char *to, first = upper ? 'a' : 'A';
  size_t i;
  if (jn_is_undefined(v)) {
    jn_fault_nomem(fault);
    return v;
  }
  to = (char *)(uintptr_t)jn_bytes_of(v).at;
  for (i = 0; i < b.length; i++)
    if (to[i] >= first && to[i] <= first + 25)
      to[i] = (char)(to[i] ^ 32);
  return v;
}

/* Characters whose upper case is more than one. */
static const struct {
  const char *from, *to;
} expansions[] = {
  {"\xC3\x9F", "SS"},        {"\xEF\xAC\x80", "FF"},
  {"\xEF\xAC\x81", "FI"},    {"\xEF\xAC\x82", "FL"},
  {"\xEF\xAC\x83", "FFI"},   {"\xEF\xAC\x84", "FFL"},
  {"\xEF\xAC\x85", "ST"},    {"\xEF\xAC\x86", "ST"},
  {"\xC5\x89", "\xCA\xBCN"}, {"\xD6\x87", "\xD4\xB5\xD5\x92"},
};

static void expand(jn_bytes b, sf_buffer *out) {
  size_t i = 0, row;
  while (i < b.length) {
    size_t n = jn_char_length(b, i);
    const char *to = NULL;
    for (row = 0; row < sizeof expansions / sizeof *expansions; row++)
      if (strlen(expansions[row].from) == n &&
          memcmp(expansions[row].from, b.at + i, n) == 0)
        to = expansions[row].to;
    if (to != NULL)
      sf_buffer_add_text(out, to);
    else
      sf_buffer_add(out, b.at + i, n);
    i += n;
  }
}

/* PCRE2 knows the case of all letters, and tells it when it substitutes. */
static bool substitute(pcre2_code *code, const sf_buffer *in, bool upper,
                       char *out, size_t *length) {
  const char *replacement = upper ? "\\U$0" : "\\L$0";
  int n = pcre2_substitute(
    code, (PCRE2_SPTR)(in->bytes != NULL ? in->bytes : ""), in->length, 0,
    PCRE2_SUBSTITUTE_EXTENDED | PCRE2_NO_UTF_CHECK, NULL, NULL,
    (PCRE2_SPTR)replacement, 4, (PCRE2_UCHAR *)out, length);
  return n >= 0;
}

static jn_value unicode_case(jn_arena *a, sf_buffer *in, bool upper,
                             jn_fault *fault) {
  pcre2_general_context *general = sf_pcre_context(a->mem);
  pcre2_compile_context *context =
    general != NULL ? pcre2_compile_context_create(general) : NULL;
  pcre2_code *code = NULL;
  jn_value v = jn_undefined();
  int error;
  size_t offset, length = in->length * 3 + 8;
  char *room = jn_arena_new(a, length);
  if (context != NULL)
    code = pcre2_compile((PCRE2_SPTR) "(?s)^.*", 7, PCRE2_UTF, &error, &offset,
                         context);
  if (code != NULL && room != NULL && !in->failed &&
      substitute(code, in, upper, room, &length))
    v = jn_text_borrow(a, room, length);
  pcre2_code_free(code);
  pcre2_compile_context_free(context);
  pcre2_general_context_free(general);
  if (jn_is_undefined(v))
    jn_fault_nomem(fault);
  return v;
}

jn_value jn_letter_case(jn_arena *a, jn_bytes text, bool upper,
                        jn_fault *fault) {
  sf_buffer b;
  jn_value v;
  if (is_ascii(text))
    return ascii_case(a, text, upper, fault);
  sf_buffer_init(&b, a->mem);
  if (upper)
    expand(text, &b);
  else
    sf_buffer_add(&b, text.at, text.length);
  v = unicode_case(a, &b, upper, fault);
  sf_buffer_clear(&b);
  return v;
}
