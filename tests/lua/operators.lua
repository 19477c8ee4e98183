print(1 + 2 * 3 ^ 2 ^ 0.5 > 1, not nil == true, 2 ^ -1, -2 ^ 2, not 1 == 2)
print(1 .. 2 .. 3, "a" .. "b" == "ab", "abc" < "abd", "Z" < "a", "" < "a")
print(nil and 1, false or "x", nil or false, 1 and 2, false and error("never"))
print(1 == 1.0, "1" == 1, 0 == -0, "a" ~= "b")
print(#"abc", #{ 1, 2, 3 }, -"2", "3" * "4", 7 // 2 * 2 + 7 % 2)
print(1 << 2 + 1, 5 & 3 | 8, 6 ~ 3 & 1, ~5 & 0xF)
local a, b, c = (function() return 1, 2 end)()
print(a, b, c)
local i, t = 1, {}
i, t[i] = i + 1, 20
print(i, t[1], t[2])
