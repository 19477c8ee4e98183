/** @type {Record<string, number>} */
const prices = { tea: 1.5, cake: 4 };

/** What a shop far away asks for something. @param {string} item */
export async function price(item) {
  return prices[item];
}
