print(0xA, 0Xa.8p1, 1e+2, .5, 3., 0x.1p4, 1//1)
print("\65\066\x43\u{44}\z
       continued", 'single', [[long
line]], [==[with ]] inside]==])
print("\a\b\f\v" == "\7\8\12\11", #"\0\0", "tab\tend", '\'', "\"")
print(load("x = 'unfinished"))
print(load("x = [[unfinished"))
print(load("x = '\\q'"))
print(load("x = '\\300'"))
print(load("x = '\\u{110000000}'"))
print(load("x = 3x"))
print(load("--[[ comment"))
print(load("a = = 1"))
print(load("for"))
print(load("return return"))
print(load("x ="))
--[==[ a
long comment ]==]
print("after")
