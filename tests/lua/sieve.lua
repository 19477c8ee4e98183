local limit, composite, primes = 300, {}, {}
for i = 2, limit do
  if not composite[i] then
    primes[#primes + 1] = i
    for j = i * i, limit, i do composite[j] = true end
  end
end
print(#primes, table.concat(primes, " "))
local function gcd(a, b) while b ~= 0 do a, b = b, a % b end return a end
print(gcd(1071, 462), gcd(17, 5))
