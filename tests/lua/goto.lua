for i = 1, 3 do
  for j = 1, 3 do
    if j == 2 then goto continue end
    if i == 3 then goto done end
    print(i, j)
    ::continue::
  end
end
::done::
do
  local i = 0
  ::again::
  i = i + 1
  if i < 5 then goto again end
  print(i)
end
print(load("goto nowhere"))
print(load("::a:: ::a::"))
print(load("do goto inside end local x ::inside:: print(x)"))
print(load("break"))
