local mt = {}
mt.__add = function(a, b) return coroutine.yield("add") end
mt.__index = function(_, k) return coroutine.yield("index " .. k) end
mt.__call = function(_, ...) sleep(0.01) return coroutine.yield("call", ...) end
mt.__lt = function() return coroutine.yield("lt") end
mt.__concat = function() return coroutine.yield("concat") end
local x = setmetatable({}, mt)
local co = coroutine.wrap(function()
  print(x + 1, x.key, x(5, 6), x < x, x .. "s")
  for v in function(_, c) return coroutine.yield("next") end do print(v) end
  table.sort({ 3, 1, 2 }, function(a, b) return a < b end)
  return "done"
end)
print(co()) print(co(1)) print(co(2)) print(co(3)) print(co(true)) print(co("c")) print(co("v")) print(co(nil))
