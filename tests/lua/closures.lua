local function counter()
  local n = 0
  return function() n = n + 1 return n end, function() return n end
end
local up, read = counter()
up() up()
print(read())
local functions = {}
for i = 1, 3 do functions[i] = function() i = i + 10 return i end end
print(functions[1](), functions[1](), functions[2](), functions[3]())
local function curry(f, ...)
  local bound = table.pack(...)
  return function(...) return f(table.unpack(bound, 1, bound.n), ...) end
end
print(curry(math.max, 3)(9), curry(string.format, "%s-%s")("a", "b"))
