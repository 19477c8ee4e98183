math.randomseed(42)
local first = { math.random(100), math.random(100), math.random(100) }
math.randomseed(42)
print(math.random(100) == first[1], math.random(100) == first[2], math.random(100) == first[3])
math.randomseed(7, 9)
print(math.random(1000), math.random(1000), math.random(5, 6) >= 5)
print(string.format("%.12f", math.random()))
print(math.random(0), pcall(math.random, 0, -1))
print(pcall(math.random, 1, 2, 3))
for _ = 1, 100 do local r = math.random() assert(r >= 0 and r < 1) end
print(math.random(math.mininteger, math.maxinteger))
