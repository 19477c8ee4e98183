local log = {}
local mt = {}
for _, name in ipairs { "add", "sub", "mul", "div", "mod", "pow", "unm", "idiv", "band", "bor", "bxor", "shl", "shr", "bnot" } do
  mt["__" .. name] = function(a, b) log[#log + 1] = name return name end
end
local x = setmetatable({}, mt)
local _ = x + 1, 1 - x, x * x, x / 2, x % 2
_ = x ^ 2
_ = -x
_ = x // 1
_ = x & 1
_ = 1 | x
_ = x ~ x
_ = x << 1
_ = 1 >> x
_ = ~x
print(table.concat(log, " "))
