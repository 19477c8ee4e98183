x = 1
local function f() return x end
do local x = 2 print(x, f()) end
local _ENV <const> = { print = print, tostring = tostring }
y = 3
print(y, x, _ENV.y)
local function sandbox() local _ENV = { print = print } z = 1 print(z) return _ENV end
print(sandbox().z, z)
local a <const>, b = 1, 2
b = b + a
print(a, b)
