import { hosts, nativeHost } from './hosts.js';
import { run } from './process.js';
import { once, runAll } from './suite.js';

/** @import { Suite } from './suite.js' */
/** @import { Host } from './hosts.js' */

/** Programs of tests/schedules. What they print must be the same on every host. */
const programs = ['everything', 'sleepers'];

/** @param {Host} host @param {string} program */
async function outputOf(host, program) {
  const made = await host.make(program);
  if (!made.ok) return { ok: false, stdout: '', output: made.output };
  return run(host.command(program), { seconds: 300 });
}

const expected = once((program) => outputOf(nativeHost, program));

/** Ten orders are ten hashes. @param {string} text */
function areAllDifferent(text) {
  const hashes = text.match(/(?<=hash )[\da-f]{16}/g) ?? [];
  return hashes.length > 0 && new Set(hashes).size === hashes.length;
}

/** @param {Host} host @param {string} program */
async function compare(host, program) {
  const [wanted, got] = [await expected(program), await outputOf(host, program)];
  const texts = [wanted, got].map(({ stdout }) => stdout.replaceAll('\r', ''));
  const isSame = texts[0] === texts[1] && areAllDifferent(texts[0]);
  const difference = `${program}: not what it is natively\n${texts[0]}---\n${texts[1]}`;
  return { ok: wanted.ok && got.ok && isSame, output: `${difference}\n${got.output}` };
}

/** The same program takes the same way on every host, in each of ten orders. @type {Suite[]} */
export const scheduleSuites = hosts.map((host) => ({
  name: `schedules ${host.backend} ${host.name}`,
  backend: host.backend,
  host: `${host.name}, schedules`,
  missing: () => nativeHost.missing() ?? host.missing(),
  run: () => runAll(programs, (program) => compare(host, program)),
}));
