local function down(n) if n == 0 then return 0 end return 1 + down(n - 1) end
print(down(10000))
local function tail(n) if n == 0 then return "end" end return tail(n - 1) end
print(tail(100000))
print((select(2, pcall(function() local function f() return 1 + f() end return f() end)):match("stack overflow")))
local nested = setmetatable({}, { __index = function(t, k) return t[k + 1] end })
print((select(2, pcall(function() return nested[1] end)):match("C stack overflow")))
print((select(2, load("return " .. ("("):rep(300) .. "1" .. (")"):rep(300)))):match("C stack overflow"))
