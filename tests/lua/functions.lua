local function many(...) return ... end
print((many(1, 2, 3)), many(1, 2, 3))
print(select("#", many()), select("#", many(nil, nil)))
local t = { many(1, 2), many(3, 4) }
print(#t, t[1], t[2], t[3])
local function named(t) return t.a, t.b or "default" end
print(named { a = 1 }, named { a = 1, b = 2 })
local s = "method"
print(s:upper():lower():len(), ("%d"):format(5))
local function va(...) local a, b = ... return a, b, select("#", ...) end
print(va(), va(1), va(1, 2, 3))
print(table.pack(many(nil, 2, nil)).n)
