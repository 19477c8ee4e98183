// Has a worker do what a page was asked for.

new Worker(`/tests/js/harness/entry.js${new URL(import.meta.url).search}`, { type: 'module' });
