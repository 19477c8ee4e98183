;; The engine's own stacks: one who is resumed suspends with a value for the next.
(module
  (type $function (func (param i32) (result i32)))
  (type $continuation (cont $function))
  (tag $yield (param i32) (result i32))
  (table $all 1000 (ref null $continuation))
  (global $levels (mut i32) (i32.const 0))
  (global $last (mut i32) (i32.const 0))
  (elem declare func $descend $pass_on $add_one)
  ;; FRAMES

  ;; The lowest frame: hands on one more than it gets.
  (func $pass_on (type $function) (param $value i32) (result i32)
    (local $a i32) (local $b i32) (local $c i32)
    (local.set $a (i32.load (i32.const 0)))
    (local.set $b (i32.load (i32.const 4)))
    (local.set $c (i32.load (i32.const 8)))
    (loop $again
      (local.set $value (suspend $yield (i32.add (local.get $value) (i32.const 1))))
      (br_if $again (i32.lt_s (local.get $value) (global.get $last))))
    (call $note (local.get $a) (local.get $b) (local.get $c))
    (local.get $value))

  (func $descend (type $function) (param $value i32) (result i32)
    (local $a i32) (local $b i32) (local $c i32)
    (if (i32.eq (global.get $levels) (i32.const 1))
      (then (return (call $pass_on (local.get $value)))))
    (local.set $a (i32.load (i32.const 0)))
    (local.set $b (i32.load (i32.const 4)))
    (local.set $c (i32.load (i32.const 8)))
    (global.set $levels (i32.sub (global.get $levels) (i32.const 1)))
    (local.set $value (call $descend (local.get $value)))
    (call $note (local.get $a) (local.get $b) (local.get $c))
    (local.get $value))

  ;; Goes on in one with a value, and gives what it suspends with, or ends with.
  (func $go_on (param $place i32) (param $value i32) (result i32)
    (local $rest (ref null $continuation))
    (block $suspended (result i32 (ref $continuation))
      (return
        (resume $continuation (on $yield $suspended)
          (local.get $value) (table.get $all (local.get $place)))))
    (local.set $rest)
    (local.set $value)
    (table.set $all (local.get $place) (local.get $rest))
    (local.get $value))

  (func (export "ring") (param $count i32) (param $depth i32) (param $transfers i32) (result i32)
    (local $place i32) (local $value i32)
    (global.set $last (local.get $transfers))
    (loop $start
      (global.set $levels (local.get $depth))
      (table.set $all (local.get $place) (cont.new $continuation (ref.func $descend)))
      (drop (call $go_on (local.get $place) (i32.const 0)))
      (local.set $place (i32.add (local.get $place) (i32.const 1)))
      (br_if $start (i32.lt_s (local.get $place) (local.get $count))))
    (local.set $place (i32.const 0))
    (loop $transfer
      (local.set $value (call $go_on (local.get $place) (local.get $value)))
      (local.set $place (i32.add (local.get $place) (i32.const 1)))
      (if (i32.eq (local.get $place) (local.get $count)) (then (local.set $place (i32.const 0))))
      (br_if $transfer (i32.lt_s (local.get $value) (local.get $transfers))))
    (local.set $place (i32.const 0))
    (loop $end
      (drop (call $go_on (local.get $place) (local.get $value)))
      (local.set $place (i32.add (local.get $place) (i32.const 1)))
      (br_if $end (i32.lt_s (local.get $place) (local.get $count))))
    (local.get $value))

  (func $add_one (type $function) (param $value i32) (result i32)
    (i32.add (local.get $value) (i32.const 1)))

  (func (export "create") (param $times i32) (result i32)
    (local $value i32)
    (loop $again
      (local.set $value
        (resume $continuation (local.get $value) (cont.new $continuation (ref.func $add_one))))
      (br_if $again (i32.lt_s (local.get $value) (local.get $times))))
    (local.get $value)))
