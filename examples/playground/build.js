// The playground: `node build.js` builds the site and serves it, `node build.js --build DIR` only writes it to DIR.

import { resolve } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { buildSite, serveSite } from './build/site.js';

const { values } = parseArgs({ options: { build: { type: 'string' }, port: { type: 'string' } } });

if (values.build) {
  await buildSite(resolve(values.build));
} else {
  const folder = resolve(import.meta.dirname, '../../build/playground/site');
  await buildSite(folder);
  const url = await serveSite(folder, Number(values.port ?? 4173));
  process.stdout.write(`The playground is at ${url}. Ctrl+C ends it.\n`);
}
