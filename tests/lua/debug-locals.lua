local function f(a, ...)
  local b = "bee"
  for i = 1, 10 do
    local name, value = debug.getlocal(1, i)
    if not name then break end
    print(name, type(value))
  end
  print(debug.getlocal(1, -1), debug.getlocal(1, -3))
  print(debug.setlocal(1, 2, "changed"), b)
end
f(1, "x", "y")
print(debug.getlocal(f, 1), debug.getlocal(f, 2))
local up1, up2 = 1, 2
local function g() return up1, up2 end
print(debug.getupvalue(g, 1), debug.getupvalue(g, 2), debug.getupvalue(g, 3))
print(debug.setupvalue(g, 1, 10), g())
local function h() return up2 end
print(debug.upvalueid(g, 2) == debug.upvalueid(h, 1))
debug.upvaluejoin(h, 1, g, 1)
print(h())
