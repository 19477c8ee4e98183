local function tree(depth)
  if depth == 0 then sleep(0.01) coroutine.yield("leaf") return 1 end
  local co = coroutine.wrap(tree)
  local count = 0
  local r = co(depth - 1)
  while r == "leaf" do
    coroutine.yield(r)
    r = co()
  end
  return count + (r or 0)
end
local all = coroutine.wrap(function() return tree(20) end)
print(all(), all())
local inner = coroutine.wrap(function()
  local ok, value = pcall(function()
    coroutine.yield("through pcall")
    sleep(0.01)
    error("after", 0)
  end)
  coroutine.yield(value)
  return "end"
end)
print(inner(), inner(), inner())
