local count = 0
local co = coroutine.create(function()
  for i = 1, 3 do local _ = i end
end)
debug.sethook(co, function(event, line) count = count + 1 print(event, line) end, "l")
coroutine.resume(co)
print(count > 0, debug.gethook(co) ~= nil)
debug.sethook(co)
print(debug.gethook(co))
local events = {}
local second = coroutine.create(function() return math.abs(-1) end)
debug.sethook(second, function(event) events[#events + 1] = event end, "cr")
coroutine.resume(second)
print(table.concat(events, " "))
