/** What programs of the playground are compiled with, here and in the page. */
export const flags = ['-std=gnu11', '-O2', '-Wall', '-Wextra'];
