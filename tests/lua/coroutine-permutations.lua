local function permute(list, n)
  if n == 0 then coroutine.yield(table.concat(list, " ")) return end
  for i = 1, n do
    list[i], list[n] = list[n], list[i]
    permute(list, n - 1)
    list[i], list[n] = list[n], list[i]
  end
end
for text in coroutine.wrap(function() permute({ "a", "b", "c", "d" }, 4) end) do print(text) end
