local function resource(name)
  return setmetatable({}, { __close = function(_, e) sleep(0.01) print("close", name, e) end })
end
do
  local a <close> = resource("a")
  local b <close> = resource("b")
  print("inside")
end
print(pcall(function()
  local c <close> = resource("c")
  error("failed", 0)
end))
for i in (function(_, n) n = (n or 0) + 1 if n < 3 then return n end end), nil, nil, resource("loop") do
  print("step", i)
end
local constant <const> = 5
print(constant, load("local x <const> = 1; x = 2"))
print(pcall(function() local bad <close> = 42 end))
