---The keys of a table in the order of their text, so that two runs go the same way.
---@generic K
---@param from table<K, any>
---@return K[]
return function(from)
  local keys = {}
  for key in pairs(from) do
    keys[#keys + 1] = key
  end
  table.sort(keys, function(a, b) return tostring(a) < tostring(b) end)
  return keys
end
