import { load } from '../../js/index.js';

/**
 * Runs a compiled conformance program, in an instance of its own, in any engine.
 *
 * @param {WebAssembly.Module} module
 * @param {string} argument '--list', or the name of a test
 * @returns {Promise<string>} what it printed
 */
export async function runProgram(module, argument) {
  const decoder = new TextDecoder();
  let text = '';
  const write = (/** @type {Uint8Array} */ bytes) => {
    text += decoder.decode(bytes, { stream: true });
  };
  const options = { args: ['conformance', argument], stdout: write, stderr: write, isCommand: true };
  try {
    const app = await load(module, options);
    app.exit(await app.run());
  } catch (error) {
    text += `# ${error}\n`;
  }
  return text;
}

/** @param {WebAssembly.Module} module @returns {Promise<string[]>} the names of its tests */
export async function listTests(module) {
  return (await runProgram(module, '--list')).trim().split('\n');
}
