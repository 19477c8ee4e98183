/** @param {Uint8Array[]} parts @returns {Uint8Array<ArrayBuffer>} one after the other, a copy */
export function joinBytes(parts) {
  const whole = new Uint8Array(parts.reduce((size, { length }) => size + length, 0));
  let end = 0;
  for (const part of parts) {
    whole.set(part, end);
    end += part.length;
  }
  return whole;
}
