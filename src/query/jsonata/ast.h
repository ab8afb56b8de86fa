/*
** ast.h - the tree of an expression, in an arena.  The parser makes it, the
** annotation pass turns '.' and '[' into paths of steps with stages and
** settles ancestors and tail calls; evaluation only reads it.
*/
#ifndef SF_QUERY_JSONATA_AST_H
#define SF_QUERY_JSONATA_AST_H

#include "query/jsonata/jn_value.h"

/* Next to each kind: the fields that are valid for it. */
typedef enum jn_kind {
  JN_LITERAL,     /* value: a string, number, boolean or null */
  JN_NAME,        /* value: a string */
  JN_VARIABLE,    /* name; value: the string without '$' */
  JN_WILDCARD,    /* */
  JN_DESCENDANT,  /* */
  JN_PARENT,      /* slot */
  JN_REGEX,       /* value: the source; regex */
  JN_PLACEHOLDER, /* the '?' of a partial application */
  JN_BINARY,      /* op, a, b */
  JN_NEGATE,      /* a */
  JN_LIST,        /* items */
  JN_MAP,         /* items: key, value, key, value ... */
  JN_BLOCK,       /* items */
  JN_CONDITION,   /* a, b, c (NULL: no else) */
  JN_COALESCE,    /* a, b: a ?? b */
  JN_DEFAULT,     /* a, b: a ?: b */
  JN_BIND,        /* name, a */
  JN_CALL,        /* a: the procedure; items; is_tail */
  JN_PARTIAL,     /* a, items */
  JN_LAMBDA,      /* items: the parameters; a: the body; signature */
  JN_APPLY,       /* a ~> b */
  JN_TRANSFORM,   /* a: where; b: update; c: delete, or NULL */
  JN_PATH,        /* items: the steps; keep_singleton, group */
  JN_SORT,        /* items: the terms; a step of a path */
  JN_TERM,        /* a; is_descending */
  JN_END          /* the end of the text, where an operand should be */
} jn_kind;

/* Operators.  ORDER OP: rows of operators[] in parser.c */
typedef enum jn_op {
  JN_OP_NONE,
  JN_OP_DOT,
  JN_OP_FILTER,
  JN_OP_GROUP,
  JN_OP_SORT,
  JN_OP_FOCUS,
  JN_OP_INDEX,
  JN_OP_ADD,
  JN_OP_SUBTRACT,
  JN_OP_MULTIPLY,
  JN_OP_DIVIDE,
  JN_OP_MODULO,
  JN_OP_EQUAL,
  JN_OP_UNEQUAL,
  JN_OP_LESS,
  JN_OP_LESS_EQUAL,
  JN_OP_GREATER,
  JN_OP_GREATER_EQUAL,
  JN_OP_CONCAT,
  JN_OP_AND,
  JN_OP_OR,
  JN_OP_IN,
  JN_OP_RANGE
} jn_op;

struct jn_signature;
struct jn_regex;
typedef struct jn_node jn_node;

/* Where a '%' gets its value: the step 'level' steps to the left binds the
** name 'label' in its tuples. */
typedef struct jn_slot {
  uint32_t label;
  int level;
} jn_slot;

/* The '%' of a subtree whose step is not found yet; only while annotating. */
typedef struct jn_seek {
  struct jn_seek *next;
  jn_slot *slot;
} jn_seek;

/* A predicate, or the position binding '#' behind one. */
typedef struct jn_stage {
  struct jn_stage *next;
  jn_node *filter; /* NULL: binds 'index' */
  uint32_t index;
} jn_stage;

struct jn_node {
  unsigned char kind, op;
  bool keep_array;     /* '[]' follows */
  bool keep_singleton; /* of a path: a step of it has keep_array */
  bool is_cons;        /* a list that stays whole in a path */
  bool is_tuple;       /* as a step: makes tuples */
  bool is_tail;        /* a call that ends a function */
  bool is_descending;
  bool is_plain;         /* a path of one bare name; see annotate.c */
  bool is_simple;        /* a bare name or variable, as a step */
  bool is_predicate;     /* stages: of the node, not of a step */
  uint16_t height;       /* of the tree below it */
  uint32_t position;     /* bytes up to the end of its token */
  uint32_t name;         /* of a variable */
  uint32_t focus, index; /* names bound by '@' and '#', 0: none */
  uint32_t count;        /* of items */
  int32_t builtin;       /* of a variable: its row of functions, or -1 */
  jn_slot *slot;         /* of '%' */
  jn_slot *ancestor;     /* what a step binds for a '%' */
  jn_seek *seeks;
  jn_stage *stages;
  jn_node *group; /* a JN_MAP */
  jn_node *a, *b, *c;
  jn_node **items;
  jn_value value;
  const struct jn_signature *signature;
  const struct jn_regex *regex;
};

#endif
