local weak = setmetatable({}, { __mode = "v" })
weak[1] = {}
weak[2] = "string"
collectgarbage()
print(weak[1], weak[2])
local finalised = {}
setmetatable({}, { __gc = function() sleep(0.01) finalised[#finalised + 1] = "first" end })
collectgarbage()
print(finalised[1], collectgarbage("isrunning"))
collectgarbage("stop")
print(collectgarbage("isrunning"))
collectgarbage("restart")
collectgarbage("generational")
print(collectgarbage("incremental"), collectgarbage("incremental"))
print(type(collectgarbage("count")), collectgarbage("step") ~= nil)
