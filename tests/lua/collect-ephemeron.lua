local keys = setmetatable({}, { __mode = "k" })
do
  local key = {}
  keys[key] = { key }
end
collectgarbage()
print(next(keys))
local order = {}
for i = 1, 3 do
  setmetatable({}, { __gc = function() order[#order + 1] = i end })
end
collectgarbage()
print(table.concat(order, " "))
local back
setmetatable({ name = "risen" }, { __gc = function(self) back = self end })
collectgarbage()
print(back.name)
