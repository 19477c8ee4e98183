const price = async (/** @type {string} */ item) => {
  throw new RangeError(`no ${item} is left`);
};

export default { imports: { shop: { price } } };
