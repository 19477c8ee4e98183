/**
 * What a link holds, in its fragment, which no server sees.
 *
 * @typedef {object} Shared
 * @property {string} lesson the name of one
 * @property {'real' | 'virtual'} clock
 * @property {string} [program] if it is not the lesson's own
 */

/** @param {Shared} shared @returns {Promise<string>} a fragment, with its `#` */
export async function writeFragment({ lesson, clock, program }) {
  const values = new URLSearchParams({ lesson, clock });
  if (program !== undefined) values.set('program', toText(await pack(program)));
  return `#${values}`;
}

/** @param {string} fragment @returns {Promise<Partial<Shared>>} what can be read of it */
export async function readFragment(fragment) {
  const values = new URLSearchParams(fragment.slice(1));
  const packed = values.get('program');
  const clock = values.get('clock');
  return {
    lesson: values.get('lesson') ?? undefined,
    clock: clock === 'real' || clock === 'virtual' ? clock : undefined,
    program: packed === null ? undefined : await unpack(packed),
  };
}

/** @param {string} text */
async function pack(text) {
  const packed = new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

/** @param {string} packed @throws {Error} if it is no program */
async function unpack(packed) {
  try {
    const bytes = new Blob([fromText(packed)]).stream();
    return await new Response(bytes.pipeThrough(new DecompressionStream('deflate-raw'))).text();
  } catch (cause) {
    throw new Error('the link is damaged: its program cannot be read', { cause });
  }
}

/** Base64 for URLs. @param {Uint8Array} bytes */
function toText(bytes) {
  const characters = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(characters).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** @param {string} text */
function fromText(text) {
  const characters = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(characters, (character) => character.charCodeAt(0));
}
