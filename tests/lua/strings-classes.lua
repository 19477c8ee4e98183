local text = "aZ9 _\t\n.~\1\127\200"
for _, class in ipairs { "%a", "%d", "%l", "%u", "%s", "%p", "%w", "%x", "%c", "%g", "%A", "%D", "%S", "[%w_]", "[^%w]", "[a-z]", "[]]", "[%-]", "." } do
  local found = {}
  for c in text:gmatch(class) do found[#found + 1] = c:byte() end
  print(class, table.concat(found, " "))
end
