for word in ("one two  three"):gmatch("%a+") do io.write(word, ";") end print()
for k, v in ("a=1, b=2, c=3"):gmatch("(%w+)=(%w+)") do io.write(k, ":", v, " ") end print()
for position in ("abc"):gmatch("()") do io.write(position, " ") end print()
for s in ("aXbXc"):gmatch("[^X]*") do io.write("[", s, "]") end print()
for s in ("hello"):gmatch("l", 4) do io.write(s) end print()
local count = {}
for c in ("mississippi"):gmatch(".") do count[c] = (count[c] or 0) + 1 end
print(count.m, count.i, count.s, count.p)
print(pcall(string.gmatch, "x"))
