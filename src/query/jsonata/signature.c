/*
** signature.c - see signature.h.  The reference turns a signature into a
** regular expression over the types of the arguments; matching here is the
** same, by a table of what can still be matched.
*/
#include "query/jsonata/signature.h"

#include <math.h>
#include <string.h>

/* --- parsing --- */

static const struct {
  char letter;
  unsigned char types, flags;
} types[] = {
  {'s', JN_S | JN_M, 0}, {'n', JN_N | JN_M, 0}, {'b', JN_B | JN_M, 0},
  {'l', JN_L | JN_M, 0}, {'o', JN_O | JN_M, 0}, {'a', JN_X, JN_WRAPPED},
  {'f', JN_F, 0},        {'j', JN_J, 0},        {'x', JN_X, 0},
};

static unsigned char type_of_letter(char c) {
  size_t i;
  for (i = 0; i < sizeof types / sizeof *types; i++)
    if (types[i].letter == c)
      return c == 'a' ? JN_A : types[i].types;
  return 0;
}

/* The position of the bracket that closes the one at 'at', or len. */
static size_t closing(const char *text, size_t len, size_t at, char open,
                      char close) {
  int depth = 1;
  for (at++; at < len; at++) {
    depth += text[at] == open ? 1 : text[at] == close ? -1 : 0;
    if (depth == 0)
      break;
  }
  return at;
}

typedef struct reader {
  const char *text;
  size_t len, at;
  jn_signature *out;
  jn_fault *fault;
} reader;

static bool fail(reader *r, const char *code) {
  return jn_fault_set(r->fault, code, jn_undefined());
}

static bool add(reader *r, unsigned char accepted, unsigned char flags) {
  jn_param *p;
  if (r->out->count == JN_PARAMS_MAX) {
    r->fault->name = "a signature has too many parameters";
    fail(r, "U1001");
    r->fault->status = SF_ERR_LIMIT;
    return false;
  }
  p = &r->out->params[r->out->count++];
  memset(p, 0, sizeof *p);
  p->types = accepted;
  p->flags = flags;
  return true;
}

/* (sn) */
static bool read_choice(reader *r) {
  size_t end = closing(r->text, r->len, r->at, '(', ')'), i;
  unsigned char accepted = JN_M;
  for (i = r->at + 1; i < end; i++) {
    if (r->text[i] == '<')
      return fail(r, "S0402");
    accepted |= type_of_letter(r->text[i]);
  }
  r->at = end;
  return add(r, accepted, 0);
}

/* <n> behind a or f */
static bool read_subtype(reader *r) {
  size_t end = closing(r->text, r->len, r->at, '<', '>');
  jn_param *p = r->out->count > 0 ? &r->out->params[r->out->count - 1] : NULL;
  if (p == NULL || ((p->flags & JN_WRAPPED) == 0 && p->types != JN_F))
    return fail(r, "S0401");
  if (p->flags & JN_WRAPPED) {
    char first = r->at + 1 < end ? r->text[r->at + 1] : '\0';
    unsigned char bits = type_of_letter(first) & (unsigned char)~JN_M;
    p->of = bits != 0 ? bits : 0xFF;
    p->of_more = end - r->at > 2;
  }
  r->at = end;
  return true;
}

static void mark(reader *r, unsigned char flag) {
  if (r->out->count > 0)
    r->out->params[r->out->count - 1].flags |= flag;
}

static bool read_symbol(reader *r) {
  char c = r->text[r->at];
  size_t i;
  switch (c) {
    case '-': mark(r, JN_CONTEXT); return true;
    case '?': mark(r, JN_OPTIONAL); return true;
    case '+': mark(r, JN_REPEATED); return true;
    case '(': return read_choice(r);
    case '<': return read_subtype(r);
    default: break;
  }
  for (i = 0; i < sizeof types / sizeof *types; i++)
    if (types[i].letter == c)
      return add(r, types[i].types, types[i].flags);
  return true;
}

const jn_signature *jn_signature_parse(jn_arena *a, const char *text,
                                       size_t len, size_t *offset,
                                       jn_fault *fault) {
  reader r = {text, len, 1, NULL, fault};
  r.out = jn_arena_zero(a, sizeof *r.out);
  if (r.out == NULL) {
    jn_fault_nomem(fault);
    return NULL;
  }
  for (; r.at < len && text[r.at] != ':'; r.at++)
    if (!read_symbol(&r)) {
      *offset = r.at;
      return NULL;
    }
  return r.out;
}

/* --- types of values --- */

/* The type of a value as one bit. */
static unsigned type_bit(jn_value v) {
  switch ((int)v.kind) {
    case SF_ABSENT: return JN_M;
    case SF_NULL: return JN_L;
    case SF_BOOLEAN: return JN_B;
    case SF_INTEGER:
    case SF_DOUBLE:
    case SF_BIGNUM: return JN_N;
    case SF_STRING:
    case JN_TEXT: return JN_S;
    case SF_ARRAY:
    case JN_ARRAY: return JN_A;
    case JN_FUNCTION: return JN_F;
    default: return JN_O;
  }
}

/* --- matching --- */

typedef struct matcher {
  const jn_param *params;
  size_t count;
  const jn_arguments *args;
  bool *can; /* can[p * (args + 1) + a]: params from p on fit args from a on */
  jn_arena *arena;
} matcher;

static bool fits(const matcher *m, size_t param, size_t arg) {
  return arg < m->args->count &&
         (m->params[param].types & type_bit(m->args->at[arg])) != 0;
}

static bool may_lack(const jn_param *p) {
  return (p->flags & (JN_CONTEXT | JN_OPTIONAL)) != 0;
}

static bool *can_at(const matcher *m, size_t param, size_t arg) {
  return &m->can[param * (m->args->count + 1) + arg];
}

/* Fill the table for the first 'count' parameters.  'whole': all arguments
** must be used up. */
static void fill(matcher *m, bool whole) {
  size_t p, a, n = m->args->count;
  for (a = 0; a <= n; a++)
    *can_at(m, m->count, a) = !whole || a == n;
  for (p = m->count; p-- > 0;)
    for (a = n + 1; a-- > 0;) {
      bool can = may_lack(&m->params[p]) && *can_at(m, p + 1, a);
      if (fits(m, p, a))
        can = can || *can_at(m, p + 1, a + 1) ||
              ((m->params[p].flags & JN_REPEATED) && *can_at(m, p, a + 1));
      *can_at(m, p, a) = can;
    }
}

/* How many arguments parameter p takes from a on: as many as it may. */
static size_t take(const matcher *m, size_t p, size_t a) {
  size_t n = 0, best = 0;
  while (fits(m, p, a + n)) {
    n++;
    if (*can_at(m, p + 1, a + n))
      best = n;
    if ((m->params[p].flags & JN_REPEATED) == 0)
      break;
  }
  return best;
}

/* The number of the argument where it went wrong, from 1. */
static int wrong_argument(matcher *m) {
  size_t count = m->count, p, good = 0;
  for (m->count = 1; m->count <= count; m->count++) {
    size_t at = 0;
    fill(m, false);
    if (!*can_at(m, 0, 0))
      break;
    for (p = 0; p < m->count; p++)
      at += take(m, p, at);
    good = at;
  }
  return (int)good + 1;
}

/* --- what the function gets --- */

static const char *plural(unsigned of) {
  switch (of) {
    case JN_S: return "strings";
    case JN_N: return "numbers";
    case JN_B: return "booleans";
    case JN_O: return "objects";
    case JN_A: return "arrays";
    case JN_F: return "functions";
    default: return NULL;
  }
}

static bool elements_fit(const jn_param *p, jn_value v) {
  jn_items items = jn_items_of(v);
  size_t i;
  for (i = 0; i < items.count; i++)
    if (type_bit(items.at[i]) != p->of)
      return false;
  return true;
}

/* Check and wrap what is given for an array. */
static bool wrap(jn_arena *a, const jn_param *p, int number, jn_value *v,
                 jn_fault *fault) {
  unsigned bit = type_bit(*v);
  jn_array *array;
  bool fine = true;
  if (bit == JN_M)
    return true;
  if (p->of != 0)
    fine = bit == JN_A ? elements_fit(p, *v) : bit == p->of && !p->of_more;
  if (!fine) {
    fault->index = number;
    fault->name = plural(p->of);
    return jn_fault_set(fault, "T0412", *v);
  }
  if (bit == JN_A)
    return true;
  array = jn_array_new(a, 1, 0);
  if (array == NULL || !jn_array_push(a, array, *v))
    return jn_fault_nomem(fault);
  *v = jn_array_value(array);
  return true;
}

static bool wrong_context(jn_value context, size_t number, jn_fault *fault) {
  fault->index = (int)number;
  return jn_fault_set(fault, "T0411", context);
}

/* Each argument for its parameter, none left out. */
static bool is_simple(const jn_param *params, size_t count,
                      const jn_arguments *args) {
  size_t i;
  if (args->count != count)
    return false;
  for (i = 0; i < count; i++)
    if ((params[i].types & type_bit(args->at[i])) == 0)
      return false;
  return true;
}

static bool wrap_all(jn_arena *a, const jn_param *params, size_t count,
                     jn_value *args, jn_fault *fault) {
  size_t i;
  for (i = 0; i < count; i++)
    if ((params[i].flags & JN_WRAPPED) &&
        !wrap(a, &params[i], (int)i + 1, &args[i], fault))
      return false;
  return true;
}

/* The arguments that parameter p takes, n of them from 'from' on. */
static bool give(const matcher *m, size_t p, size_t from, size_t n,
                 bool repeats, jn_arguments *out, jn_fault *fault) {
  const jn_param *param = &m->params[p];
  size_t i;
  for (i = 0; i < n; i++) {
    bool wrapped = (param->flags & JN_WRAPPED) != 0;
    jn_value v = m->args->at[repeats && !wrapped ? from : from + i];
    if (wrapped && !wrap(m->arena, param, (int)(from + i) + 1, &v, fault))
      return false;
    out->at[out->count++] = v;
  }
  return true;
}

static bool apply_matched(const matcher *m, bool repeats, jn_value context,
                          jn_arguments *out, jn_fault *fault) {
  size_t p, at = 0;
  for (p = 0; p < m->count; p++) {
    size_t n = take(m, p, at);
    const jn_param *param = &m->params[p];
    if (n > 0) {
      if (!give(m, p, at, n, repeats, out, fault))
        return false;
      at += n;
    } else if (param->flags & JN_CONTEXT) {
      if ((param->types & type_bit(context)) == 0)
        return wrong_context(context, at + 1, fault);
      out->at[out->count++] = context;
    } else {
      out->at[out->count++] =
        at < m->args->count ? m->args->at[at] : jn_undefined();
      at++;
    }
  }
  return true;
}

bool jn_signature_apply(jn_arena *a, const jn_param *params, size_t count,
                        bool repeats, jn_value context, jn_arguments *args,
                        jn_fault *fault) {
  matcher m = {params, count, args, NULL, a};
  jn_arguments out = {NULL, 0};
  if (is_simple(params, count, args))
    return wrap_all(a, params, count, args->at, fault);
  if (args->count > SF_LENGTH_MAX / (count + 1))
    return jn_fault_nomem(fault);
  m.can = jn_arena_new(a, (count + 1) * (args->count + 1) * sizeof *m.can);
  out.at = jn_arena_new(a, (count + args->count) * sizeof *out.at);
  if (m.can == NULL || out.at == NULL)
    return jn_fault_nomem(fault);
  fill(&m, true);
  if (!*can_at(&m, 0, 0)) {
    int number = wrong_argument(&m);
    fault->index = number;
    return jn_fault_set(fault, "T0410",
                        (size_t)number <= args->count ? args->at[number - 1]
                                                      : jn_undefined());
  }
  if (!apply_matched(&m, repeats, context, &out, fault))
    return false;
  *args = out;
  return true;
}
