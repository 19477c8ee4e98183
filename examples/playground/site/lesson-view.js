import { lessons } from '../lessons.js';
import { find } from './find.js';

/** @import { Lesson } from '../lessons.js' */

const select = find('lessons', HTMLSelectElement);
const previous = find('previous', HTMLButtonElement);
const next = find('next', HTMLButtonElement);

/** A name of C's, as it stands in a sentence. */
const name = /\b(?:greenlet|generator|gevent|GREENLET)_\w+(?:\([^)]*\))?/g;

/** @param {string} text @returns {(string | HTMLElement)[]} with names of C's marked as code */
function withCode(text) {
  const parts = text.split(new RegExp(`(${name.source})`));
  return parts.map((part, index) => (index % 2 ? element('code', part) : part));
}

/** @param {string} tag @param {...(string | HTMLElement)} content */
function element(tag, ...content) {
  const made = document.createElement(tag);
  made.append(...content);
  return made;
}

/** @param {Lesson} lesson */
export function showLesson(lesson) {
  const index = lessons.indexOf(lesson);
  select.selectedIndex = index;
  previous.disabled = index === 0;
  next.disabled = index === lessons.length - 1;
  document.title = `${lesson.title} – greenlet-wasm playground`;
  find('lesson-title', HTMLElement).textContent = `${index + 1}. ${lesson.title}`;
  find('lesson-text', HTMLElement).replaceChildren(
    ...lesson.text.map((paragraph) => element('p', ...withCode(paragraph))),
  );
  find('lesson-task', HTMLElement).replaceChildren(...withCode(lesson.task));
  find('lesson', HTMLElement).ariaBusy = 'false';
  find('file', HTMLElement).textContent = `${lesson.name}.c`;
}

/** @param {(lesson: Lesson) => void} choose told of what the reader wants to see */
export function offerLessons(choose) {
  select.append(...lessons.map(({ title }, index) => new Option(`${index + 1}. ${title}`)));
  const go = (/** @type {number} */ index) => choose(lessons[index]);
  select.addEventListener('change', () => go(select.selectedIndex));
  previous.addEventListener('click', () => go(select.selectedIndex - 1));
  next.addEventListener('click', () => go(select.selectedIndex + 1));
}
