/*
** check_able.c - what the service takes when a machine is made, and what can't be
** run here.  The machine loads all the same; the state fails when it is entered.
*/
#include "asl/check.h"

void sf_check_able(sf_loader *l, const sf_state *s) {
  sf_where at = sf_where_pointer(NULL, sf_string_text(s->pointer));
  if (s->type == SF_MAP && sf_map_is_unable(&s->u.map))
    sf_warn(l, &at, SF_LOCATION_HERE, "NOT_SUPPORTED",
            "An INLINE Map with ItemReader, ItemBatcher or ResultWriter can't "
            "be run: \"%s\" fails when it is entered",
            sf_string_text(s->name));
}
