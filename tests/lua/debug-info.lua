local function f(a, b, ...)
  local info = debug.getinfo(1, "nSlutr")
  print(info.name, info.namewhat, info.what, info.short_src, info.linedefined, info.currentline)
  print(info.nparams, info.isvararg, info.nups, info.istailcall)
end
f(1, 2, 3)
local c = debug.getinfo(print)
print(c.what, c.short_src, c.currentline)
print(debug.getinfo(100), pcall(debug.getinfo, 1, "?"))
for line in pairs(debug.getinfo(f, "L").activelines) do assert(math.type(line) == "integer") end
print(debug.getregistry() ~= nil, debug.getmetatable("").__index == string)
