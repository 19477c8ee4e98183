local t = { 10, 20, 30, nil, 50 }
for i, v in ipairs(t) do io.write(i, "=", v, " ") end print()
local n = 0
while true do n = n + 1 if n > 5 then break end end
repeat local stop = n > 8 n = n + 1 until stop
print(n)
local keys = {}
for k, v in pairs { a = 1, b = 2, 3 } do keys[#keys + 1] = tostring(k) .. v end
table.sort(keys)
print(table.concat(keys, " "))
local t2 = { 1, 2, 3, 4 }
for k in pairs(t2) do t2[k] = nil end
print(next(t2))
local proxy = setmetatable({}, { __pairs = function() return function(_, k) if not k then return 1, "one" end end, {}, nil end })
for k, v in pairs(proxy) do print(k, v) end
print(pcall(function() for i = 1, "x" do end end))
print(pcall(function() for i in 5 do end end))
