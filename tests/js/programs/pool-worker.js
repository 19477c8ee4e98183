// A worker file of one's own, for a pool of bridge.c.

import { serve } from '../../../js/pool/serve.js';
import half from './pool-imports.js';

const { host } = half().imports;

serve({
  imports: { host: { ...host, greet: async (/** @type {string} */ name) => `own hello to ${name}` } },
});
