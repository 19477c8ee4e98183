const BLOCK = 512;
const decoder = new TextDecoder();

/**
 * The regular files in a tar archive (ustar without long-name extensions, which the sysroot does not need).
 * @param {Uint8Array} archive
 * @returns {Generator<{ name: string, bytes: Uint8Array }>}
 */
export function* readTar(archive) {
  for (let at = 0; archive[at]; ) {
    const header = archive.subarray(at, at + BLOCK);
    const size = Number.parseInt(text(header, 124, 12), 8);
    const start = at + BLOCK;
    if (isFile(header)) yield { name: fullName(header), bytes: archive.subarray(start, start + size) };
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
}

/** @param {Uint8Array} header */
function isFile(header) {
  const type = text(header, 156, 1);
  return type === '0' || type === '';
}

/** @param {Uint8Array} header */
function fullName(header) {
  const prefix = text(header, 345, 155);
  const name = text(header, 0, 100);
  return prefix ? `${prefix}/${name}` : name;
}

/**
 * @param {Uint8Array} header
 * @param {number} start
 * @param {number} length
 */
function text(header, start, length) {
  const field = header.subarray(start, start + length);
  const end = field.indexOf(0);
  return decoder.decode(end < 0 ? field : field.subarray(0, end));
}
