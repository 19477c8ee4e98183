local text = [[the quick brown fox jumps over the lazy dog the fox]]
local counts, order = {}, {}
for word in text:gmatch("%a+") do
  if not counts[word] then order[#order + 1] = word end
  counts[word] = (counts[word] or 0) + 1
end
table.sort(order, function(a, b) return counts[a] > counts[b] or (counts[a] == counts[b] and a < b) end)
for _, word in ipairs(order) do print(("%-6s %d"):format(word, counts[word])) end
print((text:gsub("(%a)(%a*)", function(a, b) return a:upper() .. b end)))
