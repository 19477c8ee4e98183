// Nobody closes the pool: it must not keep the process.

import { loadPool } from '../../../js/pool/index.js';
import { compileProgram } from '../program.js';

const imports = new URL('pool-imports.js', import.meta.url);
const pool = await loadPool(await compileProgram('bridge.c'), { size: 2, imports });
console.log(await pool.run('add', [1, 2]));
