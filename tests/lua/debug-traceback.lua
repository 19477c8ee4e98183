local function inner() return (debug.traceback("message", 1)) end
local function outer() local text = inner() return text end
print(outer())
print(debug.traceback({ 1 } and "level 2", 2))
print(debug.traceback(nil), debug.traceback(12))
local function deep(n) if n == 0 then return debug.traceback("deep") end local t = deep(n - 1) return t end
print(deep(30))
