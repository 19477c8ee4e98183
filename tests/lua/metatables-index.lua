local base = { greet = function(self) return "hello " .. self.name end }
local derived = setmetatable({}, { __index = base })
local object = setmetatable({ name = "lua" }, { __index = derived })
print(object:greet(), rawget(object, "greet"))
local log = {}
local spy = setmetatable({}, {
  __index = function(_, k) log[#log + 1] = "get " .. k return k .. "!" end,
  __newindex = function(t, k, v) log[#log + 1] = "set " .. k rawset(t, k, v) end,
})
print(spy.a, spy.b)
spy.a = 1
spy.a = 2
print(spy.a, table.concat(log, ", "))
local defaults = setmetatable({}, { __newindex = base })
defaults.added = 5
print(base.added, rawget(defaults, "added"))
print(pcall(function() local t = setmetatable({}, {}) getmetatable(t).__index = t return t.x end))
