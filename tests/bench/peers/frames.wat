  ;; As programs/frames.h.
  (memory 1)
  (data (i32.const 0) "\01\00\00\00\02\00\00\00\03\00\00\00")
  (global $noted (mut i32) (i32.const 0))
  (func $note (param $a i32) (param $b i32) (param $c i32)
    (global.set $noted
      (i32.add
        (i32.mul
          (i32.add
            (i32.mul (i32.add (i32.mul (global.get $noted) (i32.const 31)) (local.get $a)) (i32.const 31))
            (local.get $b))
          (i32.const 31))
        (local.get $c))))
