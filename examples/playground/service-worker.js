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

async function answer(request) {
  const cache = await caches.open(name);
  const found = await cache.match(request, { ignoreSearch: request.mode === 'navigate' });
  return found ?? fetch(request);
}

async function removeOthers() {
  const names = await caches.keys();
  const old = names.filter((each) => each.startsWith(prefix) && each !== name);
  await Promise.all(old.map((each) => caches.delete(each)));
}
