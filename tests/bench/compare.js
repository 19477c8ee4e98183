import process from 'node:process';

/** @param {() => void | Promise<void>} work @returns {Promise<number>} nanoseconds of all cores; to sleep takes none */
export async function timeCpu(work) {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) * 1e3;
}

/** @param {number[]} values */
function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

/**
 * Runs two systems by turns, so that whatever else the machine does meets both.
 *
 * @param {() => Promise<number>} ours gives a figure
 * @param {() => Promise<number>} theirs gives the peer's
 * @param {number} [rounds] after one that does not count
 * @returns {Promise<{ ours: number, theirs: number, ratio: number }>} medians; ratio: that of ours to theirs, within
 *   one round
 */
export async function compare(ours, theirs, rounds = 9) {
  const runs = [];
  for (let round = 0; round <= rounds; round++) runs.push([await ours(), await theirs()]);
  runs.shift();
  return {
    ours: median(runs.map(([own]) => own)),
    theirs: median(runs.map(([, peer]) => peer)),
    ratio: median(runs.map(([own, peer]) => own / peer)),
  };
}
