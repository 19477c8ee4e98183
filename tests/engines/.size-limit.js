// What a page pays, minified, without what is not used, and with gzip.

/** @param {object} config */
const modifyEsbuildConfig = (config) => ({ ...config, format: 'esm' });
const gzip = { gzip: true, modifyEsbuildConfig };

export default [
  { name: 'load', path: '../../js/index.js', import: '{ load }', limit: '12 KB', ...gzip },
  { name: 'pool', path: '../../js/pool/index.js', import: '{ loadPool }', limit: '5 KB', ...gzip },
];
