import process from 'node:process';

/** @param {() => unknown} work @returns {Promise<number>} nanoseconds of all cores and threads; to sleep takes none */
export async function timeCpu(work) {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) * 1e3;
}

/**
 * @param {number} times
 * @param {() => unknown} work that is done so often
 * @returns {Promise<number>} nanoseconds of CPU that each took
 */
export async function cpuEach(times, work) {
  return (await timeCpu(work)) / times;
}
