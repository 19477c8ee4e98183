print(xpcall(function() error("first") end, function(m) sleep(0.02) return "handled: " .. m end))
print(xpcall(function(...) return select("#", ...) end, print, 1, nil, nil))
print(xpcall(function() error("in body") end, function() error("in handler") end))
print(xpcall(function() local x = nil; x() end, debug.traceback))
print(pcall(pcall))
print(pcall(pcall, error, "inner"))
print(pcall(xpcall, error))
local levels = {}
local function nest(n)
  sleep(0.001)
  if n == 0 then error("bottom", 0) end
  local ok, e = pcall(nest, n - 1)
  levels[#levels + 1] = n
  error(e .. n, 0)
end
print(pcall(nest, 8))
print(table.concat(levels, ","))
