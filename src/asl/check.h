/*
** check.h - what is doubtful in a definition that is sound: warnings of our
** own, where the service has none.  Each part tells only what can be proved
** from the definition alone; a warning never makes a definition invalid.
** Private to src/asl.
*/
#ifndef SF_ASL_CHECK_H
#define SF_ASL_CHECK_H

#include "asl/loader.h"

/* A part looks at one state of l->machine. */
typedef void sf_check(sf_loader *l, const sf_state *s);

/* check_errors.c: names in Retry and Catch that nothing matches, that can't be
** caught, or that an earlier entry takes. */
sf_check sf_check_errors;

/* check_origin.c: a name in ErrorEquals, at 'at', of an error that the state never
** has. */
void sf_check_origin(sf_loader *l, const sf_state *s, sf_value name,
                     const sf_where *at);

/* check_choice.c: rules and Defaults behind rules that always hold before. */
sf_check sf_check_choice;

/* check_result.c: results that are made and thrown away. */
sf_check sf_check_result;

/* check_able.c: states that the service takes and that can't be run here. */
sf_check sf_check_able;

/* check_loop.c: loops without a way out.  Looks at the whole machine. */
void sf_check_loops(sf_loader *l);

/* check_path.c: paths that nothing before can have made.  Looks at the whole
** machine. */
void sf_check_paths(sf_loader *l);

/* check_names.c: variables and functions that nothing gives.  Looks at the whole
** machine. */
void sf_check_names(sf_loader *l);

/* All of them; the definition has no errors. */
void sf_check_doubts(sf_loader *l);

#endif
