// Runs one file of benches, in a process of its own: node run-file.js FILE [quick], with a channel to who started it,
// which is told of what is measured and, in the end, of the systems that are not here.

import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { Bench } from './bench.js';

const [file, how] = process.argv.slice(2);
const bench = new Bench(how === 'quick', (measurement) => process.send?.({ measurement }));
const { default: measure } = await import(pathToFileURL(file).href);
await measure(bench);
process.send?.({ absent: [...bench.absent] });
process.once('disconnect', () => process.exit());
process.disconnect();
