---A table like another one, with the same values in it.
---@generic T: table
---@param from T
---@return T
return function(from)
  local copied = {}
  for key, value in pairs(from) do
    copied[key] = value
  end
  return copied
end
