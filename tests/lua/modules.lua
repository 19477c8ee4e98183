package.preload.shape = function(name, extra)
  print("loading", name, extra)
  return { area = function(a, b) return a * b end }
end
local shape = require("shape")
print(shape.area(3, 4), require("shape") == shape, package.loaded.shape == shape)
print(select(2, require("string")), package.loaded.math == math)
package.path = "./?.nowhere"
package.cpath = ""
print(pcall(require, "not.there"))
print(package.searchpath("a.b", "./?.none;/x/?.none"))
print(package.config:sub(1, 1), #package.searchers)
