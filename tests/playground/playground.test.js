// The playground, as it is built, in a browser.

import { lessons } from '../../examples/playground/lessons.js';
import { assert, describe, it } from '../js/harness/index.js';
import { Page, setNetwork } from './page.js';

/** What the first view may take, with gzip. */
const MOST_BYTES = 300_000;

const ended = /^Ended with status 0 after [\d.]+ s\.$/;

/** @param {string} name of a lesson @param {string} ending @returns {Promise<string>} nothing if there is no such file */
async function readLesson(name, ending) {
  const response = await fetch(`/examples/lessons/${name}${ending}`);
  return response.ok ? response.text() : '';
}

/**
 * As it stands in NAME.out: addresses differ each time, and what a task has failed with goes to stderr.
 *
 * @param {string} output
 */
function comparable(output) {
  return output.replace(/^gevent: .* failed: .*\n/gm, '').replace(/\b0x[\da-f]+/g, 'ADDR');
}

/** @param {string} url */
async function compressedSize(url) {
  const { body } = await fetch(url);
  const packed = /** @type {ReadableStream} */ (body).pipeThrough(new CompressionStream('gzip'));
  return (await new Response(packed).arrayBuffer()).byteLength;
}

const hello = '#include <stdio.h>\n\nint main(void) {\n    puts("my own");\n    return 0;\n}\n';

describe('the playground', () => {
  it('is there after less than 300 KB', async () => {
    const page = await Page.open();
    const scripts = page.performance.getEntriesByType('resource').map(({ name }) => name);
    assert.ok(scripts.some((url) => url.endsWith('.js')) && scripts.some((url) => url.endsWith('.css')));
    const sizes = await Promise.all(['/site/', ...scripts].map(compressedSize));
    const size = sizes.reduce((sum, each) => sum + each, 0);
    assert.ok(size < MOST_BYTES, `${size} bytes`);
  });

  for (const { name } of lessons)
    it(`runs ${name}`, async () => {
      const page = await Page.open(`#lesson=${name}`);
      const input = await readLesson(name, '.in');
      page.click('#run');
      if (input) {
        page.paste('.xterm-helper-textarea', input);
        page.press('.xterm-helper-textarea', { key: 'd', code: 'KeyD', keyCode: 68, ctrlKey: true });
      }
      assert.match(await page.end(), ended);
      assert.equal(comparable(page.output), await readLesson(name, '.out'));
    });
});

describe('a program of one’s own', () => {
  /** @type {Page} whose compiler has been started */
  let page;

  it('is compiled and run', async () => {
    page = await Page.open();
    page.write(hello);
    assert.match(await page.run(), ended);
    assert.equal(page.output, 'my own\n');
  });

  it('is shown its errors where they are', async () => {
    page.write(hello.replace('return 0', 'return missing'));
    assert.match(await page.run(), /^Line 5: use of undeclared identifier 'missing'\.$/);
    assert.equal(page.find('.cm-lintRange-error').textContent, 'missing');
    assert.equal(page.find('.cm-activeLine').textContent, '    return missing;');
    assert.ok(page.find('.cm-lint-marker-error'));
  });

  it('is told that it does not link', async () => {
    page.write(hello.replace('puts("my own")', 'void absent(void);\n    absent()'));
    assert.equal(await page.run(), 'The program does not link.');
  });

  it('is stopped in an endless loop', async () => {
    page.write(hello.replace('return 0', 'fflush(stdout);\n    for (volatile int i = 0;; i = 1);'));
    page.click('#run');
    await page.until(() => page.status === 'Running.');
    page.click('#stop');
    assert.equal(await page.end(), 'Stopped.');
  });

  it('is stopped while it is built', async () => {
    page.write(hello);
    page.click('#run');
    page.click('#stop');
    assert.equal(await page.end(), 'Stopped.');
  });

  it('is run anew while it runs', async () => {
    const loop = 'volatile int i = 0;\n    while (i == 0);\n    return 0';
    page.write(hello.replace('return 0', loop));
    page.click('#run');
    await page.until(() => page.status === 'Running.');
    page.write(hello);
    assert.match(await page.run(), ended);
    assert.equal(page.output, 'my own\n');
  });

  it('is ended if it floods the page', async () => {
    page.write(hello.replace('return 0', 'for (;;) puts("again and again");\n    return 0'));
    assert.match(await page.run(), /^Stopped: the program wrote 16 MB/);
  });

  it('reads what is typed', async () => {
    const read =
      'char line[80];\n    while (fgets(line, sizeof line, stdin)) printf("<%s>", line);\n    return 0';
    page.write(hello.replace('return 0', read));
    page.click('#run');
    await page.until(() => page.status === 'Running.');
    page.paste('.xterm-helper-textarea', 'on');
    page.press('.xterm-helper-textarea', { key: 'Backspace', code: 'Backspace', keyCode: 8 });
    page.paste('.xterm-helper-textarea', 'f\n');
    page.press('.xterm-helper-textarea', { key: 'd', code: 'KeyD', keyCode: 68, ctrlKey: true });
    assert.match(await page.end(), ended);
    assert.equal(page.output, 'my own\n<of\n>');
  });

  it('does not have to wait on the virtual clock', async () => {
    page.write(
      hello
        .replace('return 0', 'return gevent_sleep(86400)')
        .replace('<stdio.h>', '"gevent.h"\n#include "gevent/io/streams.h"\n#include <stdio.h>'),
    );
    page.choose('#clock', 'virtual');
    assert.match(await page.run(), ended);
  });

  it('is in a link, with its settings', async () => {
    page.write(hello);
    page.click('#share');
    await page.until(() => page.copied.includes('#'));
    const other = await Page.open(new URL(page.copied).hash);
    assert.equal(other.text, hello);
    assert.equal(/** @type {HTMLSelectElement} */ (other.find('#clock')).value, 'virtual');
  });

  it('is compiled and run without a network, after a first visit', async () => {
    const before = await Page.open();
    await before.serviceWorker.ready;
    await setNetwork(false);
    try {
      const offline = await Page.open('#lesson=22-two-tasks-that-sleep');
      assert.match(await offline.run(), ended);
      offline.write(hello);
      assert.match(await offline.run(), ended);
      assert.equal(offline.output, 'my own\n');
    } finally {
      await setNetwork(true);
    }
  });
});
