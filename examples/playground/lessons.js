/**
 * The lessons, in order: which program each shows (examples/lessons/NAME.c), what it is about, and what to try.
 *
 * @typedef {object} Lesson
 * @property {string} name of the file
 * @property {string} title
 * @property {readonly string[]} text paragraphs
 * @property {string} task something to try
 */

/** @type {readonly Lesson[]} */
export const lessons = [
  {
    name: '02-two-that-switch',
    title: 'Two that switch',
    text: [
      'A greenlet is a function with a stack of its own. greenlet_switch leaves the running one where it is and goes on in another, at the place where that one stopped.',
      'Here two greenlets take turns. Nobody interrupts them: control passes only where the code says so.',
    ],
    task: 'Create a third greenlet that prints a number of its own, and have control go round all three.',
  },
  {
    name: '01-arguments-then-values',
    title: 'Passing values',
    text: [
      'The first switch to a greenlet calls its function with a value. Each later switch makes the switch return in which that greenlet had stopped, and hands it the value.',
      'So a switch is a call and a return in one: what you give goes in there, what somebody else gives comes out here.',
    ],
    task: 'Have task1 send 2 instead of 1, and task2 answer “odd” or “even”.',
  },
  {
    name: '03-who-is-dead',
    title: 'The end of a greenlet, and its parent',
    text: [
      'A greenlet is dead when its function has returned. Control then goes to its parent: the greenlet that created it, unless another was named.',
      'Main is the root of this tree. Look at which of the two ends first, and where control goes.',
    ],
    task: 'Create g first and make it the parent of f, by the second argument of greenlet_new. Where does the end of f lead now?',
  },
  {
    name: '05-errors-go-to-the-parent',
    title: 'Errors go to the parent',
    text: [
      'A function fails by returning a negative code. The error is then raised in the parent: its switch returns the same code, and greenlet_last_error says more.',
      'Look at who hears of this one: not test1, which has switched to test2, but main, the parent of both. To catch an error is to go on; to let it pass is to return its code.',
    ],
    task: 'Make test1 the parent of test2, by the second argument of greenlet_new, and see who hears of the error first.',
  },
  {
    name: '08-killed-with-clean-up',
    title: 'Killing, and cleaning up',
    text: [
      'When the last reference to a suspended greenlet is dropped, its switch fails with GREENLET_EEXIT. Its function can free what it holds before it returns.',
      'The order of the output shows it: the clean-up runs while main drops the reference.',
    ],
    task: 'Take the clean-up out: what stays in the list is what a killed greenlet leaks.',
  },
  {
    name: '12-running-average',
    title: 'A generator',
    text: [
      'A generator gives one value after the other, and may be sent values in return. generator_yield stops it; generator_next and generator_send have it go on.',
      'This one keeps a running average of all the numbers that it has been sent.',
    ],
    task: 'Write a generator that yields the Fibonacci numbers, and print the first ten.',
  },
  {
    name: '20-a-report-by-delegation',
    title: 'Delegation',
    text: [
      'generator_delegate hands everything that comes in down to another generator, until that one is finished, and gives its result.',
      'The averager knows nothing of the report, and the report nothing of how the averager takes its numbers.',
    ],
    task: 'Add the smallest and the largest value to the report. Only the averager and its result have to change.',
  },
  {
    name: '22-two-tasks-that-sleep',
    title: 'Tasks that wait',
    text: [
      'A task is a greenlet that the hub runs. gevent_sleep parks only the task that calls it; meanwhile the others run.',
      'With the virtual clock, time jumps to the next moment at which something happens, so that nobody has to sit through a sleep.',
    ],
    task: 'Let one task sleep ten times as long as the other, and predict the order before you press Run.',
  },
  {
    name: '35-spawn-join-value',
    title: 'Join, and the value of a task',
    text: [
      'gevent_spawn starts a task and returns at once. gevent_join waits until it has ended; then the task knows what its function has left as the result.',
    ],
    task: 'Add a third task, which sleeps for a second and then leaves 3 as its result, and print that.',
  },
  {
    name: '28-an-error-stays-in-its-task',
    title: 'An error stays in its task',
    text: [
      'A task that fails takes nobody along. The hub reports the error, once, and the task keeps it.',
      'gevent_join only says that the task has ended; gevent_get fails with the error that the task has failed with.',
    ],
    task: 'Take out the call of gevent_set_unhandled, and see what the hub says of the error by itself.',
  },
  {
    name: '41-a-pool',
    title: 'A pool',
    text: [
      'A pool runs so many tasks at a time and no more. Its results come in the order of the items, or as they are ready.',
      'Item 4 fails, on purpose. The loop takes that error and goes on with the rest.',
    ],
    task: 'Change PLACES to 1 and to 6, and compare the two orders.',
  },
  {
    name: '30-whose-timeout',
    title: 'Timeouts, nested',
    text: [
      'A timeout fails whatever its greenlet waits in. Where several are running, the one that ends first wins, and gevent_timed_out_by tells whose it was.',
    ],
    task: 'Change the outer limit from 0.3 to 0.05 seconds. Whose timeout is it in the first join?',
  },
  {
    name: '48-a-queue-between-tasks',
    title: 'A queue',
    text: [
      'One task makes items, two take them. The queue has room for two: who puts a third waits, and who finds nothing waits for the next.',
      'gevent_queue_close says that nothing more will come. What is there can still be taken; then gevent_queue_get fails, and the loops end.',
    ],
    task: 'Change ROOM to 0, which is a queue without a limit, and find the line of the output that changes first.',
  },
  {
    name: '49-whatever-comes-first',
    title: 'Select',
    text: [
      'gevent_select waits for several things at once, does the one that can be done first, and none of the others.',
      'A channel holds nothing: who puts waits for who gets. The timer is one case more.',
    ],
    task: 'Add a third bird. A frog will do.',
  },
  {
    name: '50-together-or-not-at-all',
    title: 'A nursery, and cancellation',
    text: [
      'A scope does not end before the tasks in it have. If one of them fails, the others are cancelled: whatever they wait in fails with GREENLET_ECANCELED, and they clean up.',
      'gevent_scope_close then fails with the error that began it.',
    ],
    task: 'Give gevent_scope_open 2.5 seconds instead of GEVENT_FOREVER: then the cake comes too late.',
  },
  {
    name: '27-nobody-could-wake-it',
    title: 'Deadlock, and its report',
    text: [
      'To wait for what can never come is an error, not a hang. When nobody is ready and nothing is left that could wake anybody, main’s wait fails.',
      'The error’s message says who waits for what.',
    ],
    task: 'Print greenlet_error_message(greenlet_last_error()) after the wait has failed.',
  },
  {
    name: '32-a-race-across-a-switch',
    title: 'A race',
    text: [
      'Only one task runs at any moment, and until it waits nothing changes under it. But whatever was read before a wait may be out of date after it.',
      'Ten tasks add one to a counter, in two ways. Look at where it is read.',
    ],
    task: 'Put a lock around the first way: a gevent_semaphore_t with one permit, gevent_semaphore_acquire and gevent_semaphore_release.',
  },
  {
    name: '44-ordinary-sleep',
    title: 'Ordinary C that waits',
    text: [
      'sleep is libc’s, and the program knows nothing of tasks: the cooperative libc has it park the greenlet that calls it.',
      'The same holds for usleep, poll, select, read and pthreads.',
    ],
    task: 'Choose the virtual clock above and run it again: the order is the same, and no time passes.',
  },
  {
    name: '46-three-sleepers-and-a-reader',
    title: 'Reading what you type',
    text: [
      'Three tasks sleep, and one reads lines with fgets. Type a line into the terminal and press Enter; Ctrl+D ends the input.',
      'On the virtual clock time stands still while somebody waits for input.',
    ],
    task: 'Take out the call of gevent_use_virtual_clock, and type while the others sleep: on the real clock they do not wait for you.',
  },
];
