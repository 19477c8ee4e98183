print(load("return 1 + 1")())
print(load("syntax error here"))
print(load("x = ", "=name"))
print(type(load(function() return nil end)))
local parts = { "return ", "'in ", "parts'" }
local i = 0
print(load(function() i = i + 1 sleep(0.002) return parts[i] end)())
local env = { y = 5 }
print(load("y = y + 1 return y", "chunk", "t", env)(), env.y, y)
print(load(string.dump(function(a) return a * 2 end), "binary", "b")(21))
print(load(string.dump(print ~= nil and function() end), "binary", "t"))
