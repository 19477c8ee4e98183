local V = {}
V.__index = V
V.__add = function(a, b) return setmetatable({ x = a.x + b.x }, V) end
V.__eq = function(a, b) return a.x == b.x end
V.__lt = function(a, b) return a.x < b.x end
V.__le = function(a, b) return a.x <= b.x end
V.__len = function(a) return a.x end
V.__unm = function(a) return setmetatable({ x = -a.x }, V) end
V.__tostring = function(a) return "V(" .. a.x .. ")" end
V.__concat = function(a, b) return tostring(a) .. "&" .. tostring(b) end
V.__call = function(self, n) return self.x * n end
V.__name = "Vector"
local function new(x) return setmetatable({ x = x }, V) end
print(tostring(new(1) + new(2)), new(1) == new(1), new(1) < new(2), new(2) <= new(1), #new(7), tostring(-new(3)))
print(new(1) .. new(2), new(1) .. "s", "s" .. new(1), new(5)(6))
print(pcall(function() return new(1) * 2 end))
print(pcall(function() return new(1) & 2 end))
print(getmetatable("").__name, getmetatable(setmetatable({}, { __metatable = "locked" })))
print(pcall(setmetatable, setmetatable({}, { __metatable = 1 }), {}))
