/** As in programs/frames.h: what each frame keeps. */
export const seeds = [1, 2, 3];

let noted = 0;

/** @param {number} a @param {number} b @param {number} c */
export function note(a, b, c) {
  noted = (Math.imul(Math.imul(Math.imul(noted, 31) + a, 31) + b, 31) + c) | 0;
}
