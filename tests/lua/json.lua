local function encode(v)
  if type(v) == "table" then
    if #v > 0 or next(v) == nil then
      local parts = {}
      for i, each in ipairs(v) do parts[i] = encode(each) end
      return "[" .. table.concat(parts, ",") .. "]"
    end
    local names = {}
    for k in pairs(v) do names[#names + 1] = k end
    table.sort(names)
    for i, k in ipairs(names) do names[i] = encode(k) .. ":" .. encode(v[k]) end
    return "{" .. table.concat(names, ",") .. "}"
  elseif type(v) == "string" then
    return '"' .. v:gsub('[%c"\\]', function(c) return ("\\u%04x"):format(c:byte()) end) .. '"'
  end
  return tostring(v)
end
print(encode { 1, 2.5, "a\n\"b\"", { x = true, y = { } , z = { 1, { 2 } } } })
