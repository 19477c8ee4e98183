local N, solutions = 6, 0
local function safe(queens, n, c)
  for i = 1, n - 1 do
    if queens[i] == c or queens[i] - i == c - n or queens[i] + i == c + n then return false end
  end
  return true
end
local function add(queens, n)
  if n > N then
    solutions = solutions + 1
    print(table.concat(queens, " "))
    return
  end
  for c = 1, N do
    if safe(queens, n, c) then
      queens[n] = c
      add(queens, n + 1)
      queens[n] = nil
    end
  end
end
add({}, 1)
print(solutions)
