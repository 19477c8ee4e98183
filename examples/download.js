// The JavaScript half of examples/download.c: fetch, and pages to download unless URLs are given.

import { once } from 'node:events';
import { createServer } from 'node:http';
import { fetchImports } from 'greenlet-wasm/fetch';

/** Answers /N with N lines, one after the other. */
async function servePages() {
  const server = createServer(async ({ url }, response) => {
    const count = Number(url.slice(1));
    if (!count) response.statusCode = 404;
    for (let i = 0; i < count; i++) response.write(`line ${i}\n`) || (await once(response, 'drain'));
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

export default async function companion({ args = [] } = {}) {
  const imports = fetchImports();
  if (args.length > 0) return { imports };
  const server = await servePages();
  const origin = `http://127.0.0.1:${server.address().port}`;
  const close = () => void server.close().closeAllConnections();
  return { imports, args: [`${origin}/10`, `${origin}/100000`, `${origin}/nothing`], close };
}
