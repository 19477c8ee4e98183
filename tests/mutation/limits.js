/**
 * A command that ends badly when it takes too much: a mutant may loop, and fill memory or disk. Time of the processor
 * is what is counted, so that a busy machine condemns nobody.
 * @param {readonly string[]} command
 * @param {{ seconds: number, gigabytes?: number }} limits
 */
export function limited(command, { seconds, gigabytes }) {
  const memory = gigabytes ? `ulimit -v ${gigabytes * 2 ** 20}; ` : '';
  const script = `ulimit -c 0; ulimit -t ${Math.ceil(seconds)}; ${memory}exec "$@"`;
  return ['sh', '-c', script, 'limited', ...command];
}
