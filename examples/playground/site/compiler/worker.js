// Compiles, in a worker of its own that lives as long as the page. See compiler.js for what it is sent and sends.

import { buildWithKit } from '../../../../js/build/kit-build.js';
import { openToolchain } from './toolchain.js';

/** @import { Toolchain } from './toolchain.js' */

/** @type {Promise<Toolchain> | undefined} */
let opening;

/** What has failed is tried again the next time. @param {string} base */
function open(base) {
  opening ??= openToolchain(base, (progress) => postMessage({ kind: 'progress', ...progress })).catch(
    (error) => {
      opening = undefined;
      throw error;
    },
  );
  return opening;
}

/** @param {{ base: string, name: string, text: string }} job */
async function build({ base, ...source }) {
  const { recipe, ...tools } = await open(base);
  return buildWithKit(tools, recipe, source, (step) => postMessage({ kind: 'step', step }));
}

addEventListener('message', ({ data }) => {
  build(data).then(
    (result) => postMessage({ kind: 'built', ...result }),
    (error) => postMessage({ kind: 'failed', message: String(error?.message ?? error) }),
  );
});
