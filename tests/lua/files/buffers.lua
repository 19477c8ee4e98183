local f = assert(io.open("buffer.txt", "w"))
print(f:setvbuf("full", 64) and true, f:setvbuf("no") and true, f:setvbuf("line") and true)
for i = 1, 300 do f:write(("%05d"):format(i)) end
print(f:flush() == f, f:seek("cur"))
do local g <close> = assert(io.open("buffer.txt", "rb")) print(#g:read("a"), g:seek("set", 5), g:read(5)) end
print(f:close())
print(pcall(io.open, "buffer.txt", "rw"), (io.open("no/such/folder/x", "w")))
print(getmetatable(f).__name, io.type(f))
os.remove("buffer.txt")
