// The JavaScript half of sqlite.c, which says how it is built: runs all statements at once.

import { load } from 'greenlet-wasm';
import * as http from './sqlite/http.js';

const [wasm, url, ...statements] = process.argv.slice(2);
const app = await load(wasm, { imports: { http }, stack: 128 * 1024 });
const answers = await Promise.all(statements.map((sql) => app.call('query', url, sql)));
for (const rows of answers) console.log(JSON.stringify(rows));
app.dispose();
