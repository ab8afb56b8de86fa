---Cases of the suite `validation` on which the checkers disagree, decided one by
---one: what the service does, as far as its recordings and its documentation say.
---@type table<string, { valid: boolean, pointer: string?, reason: string }>
return {}
