local t = { 1, 2, 3, x = "y", [10] = "ten", ["with space"] = true, }
print(#t, t.x, t[10], t["with space"], t.none)
table.insert(t, 4) table.insert(t, 1, 0)
print(table.concat(t, ","), table.remove(t), table.remove(t, 1), table.concat(t, ","))
print(table.remove({}), pcall(table.insert, { 1 }, 5, 2), pcall(table.insert, { 1 }))
print(table.unpack({ 1, 2, 3 })) print(table.unpack({ 1, 2, 3 }, 2)) print(table.unpack({ 1, 2 }, 1, 3))
print(table.pack().n, table.pack(nil, nil).n, pcall(table.unpack, {}, 1, 1e8))
print(table.concat({}, ","), table.concat({ 1, 2, 3 }, "-", 2, 3), pcall(table.concat, { {} }))
print(pcall(function() local t = {} t[nil] = 1 end))
print(pcall(function() local t = {} t[0 / 0] = 1 end))
local f = { [1.0] = "one", [2 ^ 53] = "big" }
print(f[1], f[2 ^ 53 | 0], next({ [1] = 1 }))
