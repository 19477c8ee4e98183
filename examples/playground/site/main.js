import { find } from './find.js';
import { layOut } from './layout.js';
import { offerLessons } from './lesson-view.js';
import { Playground } from './playground.js';

layOut();
const playground = new Playground();

/** @param {string} id @param {() => void} act */
function onClick(id, act) {
  find(id, HTMLButtonElement).addEventListener('click', act);
}

offerLessons((lesson) => playground.open(lesson));
onClick('run', () => playground.run());
onClick('stop', () => playground.stop());
onClick('restore', () => playground.restore());
onClick('share', () => playground.share());
onClick('copy', () => playground.copyOutput());
find('clock', HTMLSelectElement).addEventListener('change', () => playground.remember());
addEventListener('keydown', (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === 'Enter' && !event.defaultPrevented) playground.run();
});
addEventListener('hashchange', () => playground.openLink(location.hash));

await playground.openLink(location.hash);
navigator.serviceWorker?.register(new URL('service-worker.js', document.baseURI)).catch(() => {});
