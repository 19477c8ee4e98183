for _, v in ipairs { 0.1, 1 / 3, 100, 1e300 * 1e10, -1e300 * 1e10, 2 ^ 24, 1e-7, 123.456 } do
  print(v, string.format("%.3f %g %e %a", v, v, v, v), math.type(v), v // 1)
end
print(0 / 0 ~= 0 / 0, math.huge, -math.huge, math.pi)
print(3 == 3.0, math.type(3), math.type(3.0), 3 | 0, pcall(function() return 3.5 | 0 end))
print(string.format("%.14g", 0.1 + 0.2), 0.1 + 0.2 == 0.3, 1e15 + 0.5)
print(tostring(1e14), tostring(1e15), 2 ^ 31, 2.0 ^ 0.5, 8 // 3.0)
