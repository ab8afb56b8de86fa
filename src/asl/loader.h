/*
** loader.h - what the parts of the loader share.  Private to src/asl: load.c
** drives, load_object.c walks objects along the field table, load_field.c
** stores values, load_choice.c and load_template.c read the two things with a
** structure of their own, check_flow.c looks at the graph of states.
**
** Memory running out is sticky: sf_loader.status becomes SF_ERR_NOMEM, the
** parts go on doing nothing, and the driver throws everything away.
*/
#ifndef SF_ASL_LOADER_H
#define SF_ASL_LOADER_H

#include "asl/choice.h"
#include "asl/fields.h"
#include "asl/load.h"
#include "asl/nearest.h"
#include "base/buffer.h"

/* Where the loader is in the definition: a chain on the C stack, from which a
** JSON pointer is made when there is a fault to tell. */
typedef struct sf_where {
  const struct sf_where *up; /* NULL at the root */
  sf_value key;              /* the member's name, borrowed, or */
  const char *pointer;       /* a piece of RFC 6901 text, borrowed, or */
  size_t index;              /* the element's index */
} sf_where;

/* Made for every field, read for faults only: inline. */
static inline sf_where sf_where_pointer(const sf_where *up,
                                        const char *pointer) {
  sf_where w = {up, {{0}, SF_ABSENT}, pointer, 0};
  return w;
}

static inline sf_where sf_where_key(const sf_where *up, sf_value key) {
  sf_where w = {up, key, NULL, 0};
  return w;
}

static inline sf_where sf_where_index(const sf_where *up, size_t index) {
  sf_where w = {up, {{0}, SF_ABSENT}, NULL, index};
  return w;
}

/* An object that has states: the machine, a branch, a processor. */
typedef struct sf_scope_source {
  sf_value value;    /* borrowed from the definition */
  sf_value states;   /* its States when that is an object: borrowed */
  sf_value pointer;  /* owned text */
  sf_value assigned; /* owned: object, names assigned in it -> pointer */
  sf_place place;
  uint32_t owner;        /* state, or SF_NONE */
  uint32_t first, count; /* its states */
  unsigned depth;
  sf_machine_type type; /* EXPRESS also below a distributed Map of that type */
  /* stored by the fields: */
  uint32_t start;
  double timeout_seconds;
  int mode;           /* of a processor: 0 none, 1 INLINE, 2 DISTRIBUTED */
  int execution_type; /* ... 0 none, 1 STANDARD, 2 EXPRESS */
} sf_scope_source;

typedef struct sf_state_source {
  sf_value name, value; /* borrowed */
  sf_value pointer;     /* owned text */
  uint32_t scope;
  uint32_t first_scope, nscopes; /* its branches, or its processor */
} sf_state_source;

typedef struct sf_loader {
  const sf_alloc *mem;
  const sf_load_options *options;
  const char *text; /* the definition's text, NULL when it came as a value */
  size_t length;
  sf_value root; /* the definition, substitutions made; borrowed */
  sf_diagnostics *diags;
  sf_status status; /* SF_OK or SF_ERR_NOMEM */
  sf_value hint;    /* owned: for the next fault, or SF_ABSENT */

  sf_scope_source *scopes;
  size_t nscopes, scope_capacity;
  sf_state_source *states;
  size_t nstates, state_capacity;
  sf_value names;                /* owned: object, name -> index of the state */
  sf_value labels;               /* owned: object of the Labels seen */
  sf_value variables, functions; /* owned: objects, name that is mentioned ->
                                    pointer to the first place */
  sf_machine *machine;

  /* where the walk is */
  uint32_t scope;
  sf_state *state;
  sf_language language;
  const char *sees; /* the field at hand: sf_field_sees */
  sf_field_index fields;
  sf_path_cache paths; /* owned */
} sf_loader;

/* --- load_fault.c --- */

/* How far the location that AWS gives lies above the pointer. */
#define SF_LOCATION_HERE  0u
#define SF_LOCATION_ABOVE 1u /* the object that has the member */
/* Two names do not go together, or one can't be: the pointer too is that of the
** object which has them.  Line and column are still the name's. */
#define SF_LOCATION_HOLDER  2u
#define SF_LOCATION_NOWHERE 99u

/* Errors, and warnings, past this number are not told: the most that the
** service gives, and each costs a walk through the text. */
#define SF_DIAGNOSTICS_MAX 100

#define SF_CODE_SCHEMA "SCHEMA_VALIDATION_FAILED"

/* Add an error at 'where': of the shape if its code is SF_CODE_SCHEMA, else of
** names. */
void sf_fault(sf_loader *l, const sf_where *where, unsigned location,
              const char *code, const char *format, ...) SF_PRINTF(5, 6);
/* ... of a value whose shape is right: SF_CODE_SCHEMA as well. */
void sf_fault_value(sf_loader *l, const sf_where *where, unsigned location,
                    const char *format, ...) SF_PRINTF(4, 5);
/* ... of any phase. */
void sf_fault_in(sf_loader *l, sf_phase phase, const sf_where *where,
                 unsigned location, const char *code, const char *format, ...)
  SF_PRINTF(6, 7);
void sf_warn(sf_loader *l, const sf_where *where, unsigned location,
             const char *code, const char *format, ...) SF_PRINTF(5, 6);

/* What to do about the next fault. */
void sf_hint(sf_loader *l, const char *format, ...) SF_PRINTF(2, 3);
/* "did you mean 'X'?", when something was near. */
void sf_hint_nearest(sf_loader *l, const sf_nearest *found);
/* Why a text is neither path nor call, and at which character; the intrinsic
** function that was meant. */
void sf_hint_expr(sf_loader *l, sf_value text, const sf_error *err);

/* Remember that memory has run out.  Returns false. */
bool sf_loader_nomem(sf_loader *l);

/* "Expected value of type X". */
void sf_fault_type(sf_loader *l, const sf_where *where, const char *type);

/* Append "/key", escaped. */
void sf_pointer_add(sf_buffer *b, sf_value key);

/* The JSON pointer of 'where': owned text, SF_ABSENT without memory. */
sf_value sf_where_text(const sf_alloc *mem, const sf_where *where);

/* --- load_placeholder.c --- */

/* A text with a ${placeholder} that was not replaced may become anything: where
** it is not what belongs there, it is left, with a warning, and the state that
** is being loaded can't run.  Is 'v' such a text? */
bool sf_leave_placeholder(sf_loader *l, sf_value v, const sf_where *where);

/* --- load_variables.c --- */

/* The state that is being loaded reads the variables of the expression, which
** stands at 'where'. */
void sf_note_variables(sf_loader *l, const sf_expr *e, const sf_where *where);
/* A JSONata expression at 'where' mentions variables and functions that it does
** not bind itself. */
void sf_note_uses(sf_loader *l, const sf_expr *e, const sf_where *where);
/* Is there any to note? */
bool sf_has_variables(const sf_expr *e);
bool sf_has_uses(const sf_expr *e);

/* --- load_object.c --- */

/* Store the members of 'object', which stands in 'place', into 'dest' (whose
** struct the rows of that place know), and report what is wrong with them. */
void sf_load_object(sf_loader *l, sf_place place, sf_value object, void *dest,
                    const sf_where *where);

/* One state, into l->state. */
void sf_load_state(sf_loader *l, uint32_t index);

/* --- load_field.c --- */

/* The act of the field's kind.  'slot' is where to store, or NULL. */
void sf_load_field(sf_loader *l, const sf_field *field, sf_value v, void *dest,
                   const sf_where *where);

/* An expression that must be a path (no call).  NULL after a fault. */
sf_expr *sf_load_path(sf_loader *l, sf_value text, const sf_where *where);

/* Does an expression use only what is there?  sf_check_jsonata tells what not:
** '$$', a member of $states in the wrong place. */
bool sf_jsonata_is_sound(const sf_loader *l, const sf_expr *e);
void sf_check_jsonata(sf_loader *l, const sf_expr *e, const sf_where *where);

/* Which member $states has in this field besides input and context: "result",
** "errorOutput" or NULL. */
const char *sf_field_sees(const sf_field *field, const sf_state *state);

/* Is it a "{% ... %}" string?  Reports broken delimiters. */
bool sf_load_jsonata(sf_loader *l, sf_value v, const sf_where *where);
/* Such a string, compiled, into an operand (or NULL). */
void sf_load_operand_jsonata(sf_loader *l, sf_value v, sf_operand *slot,
                             const sf_where *where);
/* Checks the delimiters of all strings in 'v'. */
void sf_load_jsonata_value(sf_loader *l, sf_value v, const sf_where *where);

/* --- load_template.c --- */

/* NULL after a fault. */
sf_template *sf_load_template(sf_loader *l, sf_value v, const sf_where *where);
sf_template *sf_load_assign(sf_loader *l, sf_value v, const sf_where *where);
sf_template *sf_load_credentials(sf_loader *l, sf_value v,
                                 const sf_where *where);

/* Warn of constant strings that look like paths. */
void sf_load_constant(sf_loader *l, sf_value v, bool result,
                      const sf_where *where);
/* Warn of a path that AWS's guide calls unsupported. */
void sf_warn_doubtful(sf_loader *l, const sf_expr *e, const sf_where *where);
/* Does the text look like a path or an intrinsic call? */
bool sf_looks_like_path(sf_value text);

/* --- load_choice.c --- */

/* Choices, into l->state->u.choice. */
void sf_load_choices(sf_loader *l, sf_value v, const sf_where *where);

/* --- check_flow.c --- */

/* Every scope: terminal states, reachability, names assigned twice. */
void sf_check_flow(sf_loader *l);

/* --- substitute.c --- */

/* 'v' (borrowed) with ${name} replaced in its strings; owned.  SF_ABSENT: no
** memory.  Parts without a placeholder are shared. */
sf_value sf_substitute(const sf_alloc *mem, sf_value v, sf_value names);

#endif
