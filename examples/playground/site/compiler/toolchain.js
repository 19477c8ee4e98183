import { fetchParts } from './parts.js';

/**
 * @import { Binaryen } from '../../../../js/build/instrument.js'
 * @import { Recipe } from '../../../../js/build/kit-build.js'
 * @import { Llvm } from '../../../../js/build/llvm.js'
 * @import { Progress, ToolchainIndex } from './parts.js'
 *
 * @typedef {{ llvm: Llvm, binaryen: Binaryen, recipe: Recipe }} Toolchain
 */

/** How the compiler's script names the files that it fetches. */
const fetched = /new URL\("\.\/([\w.-]+)", import\.meta\.url\)/g;

/**
 * Downloads the compiler and starts it.
 *
 * @param {string} base the URL of the site
 * @param {(progress: Progress) => void} onProgress
 * @returns {Promise<Toolchain>}
 */
export async function openToolchain(base, onProgress) {
  const folder = new URL('toolchain/', base);
  /** @type {ToolchainIndex} */
  const { recipe, parts } = await fetch(new URL('index.json', folder)).then((response) => response.json());
  const blobs = await fetchParts(folder, parts, onProgress);
  const urls = new Map([...blobs].map(([name, blob]) => [name, URL.createObjectURL(blob)]));
  const script = await /** @type {Blob} */ (blobs.get('clang.js')).text();
  const [llvm, { default: binaryen }] = await Promise.all([
    importText(script.replace(fetched, (_, name) => JSON.stringify(urls.get(name)))),
    import(/* @vite-ignore */ /** @type {string} */ (urls.get('binaryen.js'))),
  ]);
  return { llvm, binaryen, recipe };
}

/** @param {string} text of a module */
function importText(text) {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  return import(/* @vite-ignore */ url);
}
