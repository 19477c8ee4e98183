warn("@off")
warn("nothing is ", "seen")
print(pcall(warn))
print(pcall(warn, {}))
