/**
 * As program.js, of the program as Emscripten has linked it.
 *
 * @param {import('../emscripten/factory.js').Factory} make
 * @param {string} argument
 * @returns {Promise<string>} what it printed
 */
export async function runEmscripten(make, argument) {
  let text = '';
  const print = (/** @type {string} */ line) => {
    text += `${line}\n`;
  };
  try {
    const options = { arguments: [argument], noInitialRun: true, print, printErr: print };
    const { greenlet: app } = await make({ ...options, greenletOptions: { isCommand: true } });
    app.exit(await app.run());
  } catch (error) {
    print(`# ${error}`);
  }
  return text;
}
