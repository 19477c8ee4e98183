local t = {}
for i = 1, 5000 do t[i] = i end
for i = 1, 5000, 2 do t[i] = nil end
local count, sum = 0, 0
for _, v in pairs(t) do count, sum = count + 1, sum + v end
print(count, sum)
local set = {}
for i = 1, 2000 do set["key" .. i] = i end
for i = 1, 2000, 3 do set["key" .. i] = nil end
count = 0
for _ in pairs(set) do count = count + 1 end
print(count, set.key2, set.key1)
local matrix = {}
for i = 1, 20 do matrix[i] = {} for j = 1, 20 do matrix[i][j] = i * j end end
print(matrix[7][8], #matrix, #matrix[20])
