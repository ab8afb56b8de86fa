/*
** load.h - definition in, machine out.  Driven by the one field table
** (fields.h): which fields a state type has in which query language, their
** types and limits, whether a path or an expression may stand there.  What the
** table does not know is refused.
*/
#ifndef SF_ASL_LOAD_H
#define SF_ASL_LOAD_H

#include "asl/diagnostic.h"
#include "asl/machine.h"

#define SF_DEFINITION_MAX    1048576 /* bytes, AWS's limit */
#define SF_SCOPE_DEPTH_MAX   100     /* Parallel and Map inside one another */
#define SF_STATE_NAME_MAX    80      /* code points */
#define SF_VARIABLE_NAME_MAX 80

typedef struct sf_load_options {
  sf_value name; /* text or SF_ABSENT; borrowed */
  sf_machine_type type;
  sf_value substitutions; /* object: name -> what ${name} stands for, or
                             SF_ABSENT */
} sf_load_options;

/* From JSON text.  SF_OK: *out is owned by the caller, diags holds warnings at
** most.  SF_ERR_SYNTAX: *out is NULL and diags has at least one error.
** SF_ERR_NOMEM: nothing is owned.  'diags' has been initialised by the caller,
** who clears it.  'out' may be NULL: then the text is only validated. */
sf_status sf_load_text(const sf_alloc *mem, const char *text, size_t len,
                       const sf_load_options *options, sf_machine **out,
                       sf_diagnostics *diags, sf_error *err);

/* From a value (a Lua table): the same without lines and columns. */
sf_status sf_load_value(const sf_alloc *mem, sf_value definition,
                        const sf_load_options *options, sf_machine **out,
                        sf_diagnostics *diags, sf_error *err);

#endif
