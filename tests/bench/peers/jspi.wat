;; What waits in an import that gives a promise: the engine keeps its stack.
(module
  ;; Hands a number on to who comes after a place, and gives what comes there.
  (import "bench" "transfer" (func $transfer (param i32 i32) (result i32)))
  (import "bench" "later" (func $later (param i32) (result i32)))
  (import "bench" "wait_for" (func $wait_for (param externref) (result i32)))
  ;; FRAMES

  (func $pass_on (param $place i32) (param $last i32) (result i32)
    (local $a i32) (local $b i32) (local $c i32) (local $value i32)
    (local.set $a (i32.load (i32.const 0)))
    (local.set $b (i32.load (i32.const 4)))
    (local.set $c (i32.load (i32.const 8)))
    (local.set $value (i32.const -2))
    (loop $again
      (local.set $value (call $transfer (local.get $place) (i32.add (local.get $value) (i32.const 1))))
      (br_if $again (i32.lt_s (local.get $value) (local.get $last))))
    (call $note (local.get $a) (local.get $b) (local.get $c))
    (local.get $value))

  ;; Goes so many calls down, and there hands on one more than it gets, at first -1.
  (func $descend (export "descend") (param $depth i32) (param $place i32) (param $last i32) (result i32)
    (local $a i32) (local $b i32) (local $c i32) (local $value i32)
    (if (i32.eq (local.get $depth) (i32.const 1))
      (then (return (call $pass_on (local.get $place) (local.get $last)))))
    (local.set $a (i32.load (i32.const 0)))
    (local.set $b (i32.load (i32.const 4)))
    (local.set $c (i32.load (i32.const 8)))
    (local.set $value
      (call $descend (i32.sub (local.get $depth) (i32.const 1)) (local.get $place) (local.get $last)))
    (call $note (local.get $a) (local.get $b) (local.get $c))
    (local.get $value))

  (func (export "add_one") (param $value i32) (result i32)
    (i32.add (local.get $value) (i32.const 1)))

  ;; Waits so often for a promise, and gives the sum of what came.
  (func (export "wait_often") (param $times i32) (result f64)
    (local $i i32) (local $sum f64)
    (loop $again
      (local.set $sum (f64.add (local.get $sum) (f64.convert_i32_s (call $later (local.get $i)))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $again (i32.lt_s (local.get $i) (local.get $times))))
    (local.get $sum))

  (func (export "wait_for") (param $promise externref) (result i32)
    (call $wait_for (local.get $promise))))
