local words = { "pear", "Apple", "fig", "banana", "cherry", "date" }
table.sort(words)
print(table.concat(words, " "))
table.sort(words, function(a, b) return #a < #b or (#a == #b and a < b) end)
print(table.concat(words, " "))
local numbers = {}
for i = 1, 200 do numbers[i] = (i * 7919) % 211 end
table.sort(numbers, function(a, b) sleep(0) return a > b end)
for i = 2, #numbers do assert(numbers[i - 1] >= numbers[i]) end
print(numbers[1], numbers[200])
print(pcall(table.sort, { 3, 1, "x" }))
print(pcall(table.sort, { 1, 2, 3, 4, 5 }, function() return true end))
print(pcall(table.sort, { 1, 2 }, 5))
