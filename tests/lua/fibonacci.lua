local function fib(n) return n < 2 and n or fib(n - 1) + fib(n - 2) end
print(fib(18))
local memo = setmetatable({}, { __index = function(t, n)
  local v = n < 2 and n or t[n - 1] + t[n - 2]
  t[n] = v
  return v
end })
print(memo[80])
local a, b = 0, 1
for _ = 1, 90 do a, b = b, a + b end
print(a)
