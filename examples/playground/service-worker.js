// Keeps the site, so that it opens without a network. Before this file build/offline.js writes what there is: `site`.

const prefix = 'greenlet-playground-site-';
const name = prefix + site.version;

addEventListener('install', (event) => {
  event.waitUntil(caches.open(name).then((cache) => cache.addAll(site.files.map(fresh))));
});

addEventListener('activate', (event) => {
  event.waitUntil(removeOthers());
});

addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method === 'GET' && new URL(request.url).origin === location.origin)
    event.respondWith(answer(request));
});

/** Not what the browser happens to have kept of an older site. */
function fresh(file) {
  return new Request(file, { cache: 'no-cache' });
}

/** From the network while there is one, so that nobody sees an older site, but for files named after what is in them. */
async function answer(request) {
  const cache = await caches.open(name);
  const kept = await cache.match(request, { ignoreSearch: request.mode === 'navigate' });
  if (!kept) return fetch(request);
  if (new URL(request.url).pathname.includes('/assets/')) return kept;
  const response = await fetch(request).catch(() => kept);
  return response.ok ? response : kept;
}

async function removeOthers() {
  const names = await caches.keys();
  const old = names.filter((each) => each.startsWith(prefix) && each !== name);
  await Promise.all(old.map((each) => caches.delete(each)));
}
