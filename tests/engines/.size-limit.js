// What a page pays, minified, without what is not used, and with gzip.

/** @param {object} config */
const modifyEsbuildConfig = (config) => ({ ...config, format: 'esm' });
const gzip = { gzip: true, modifyEsbuildConfig };
const load = { path: '../../js/index.js', import: '{ load }', ...gzip };

export default [
  {
    name: 'load',
    limit: '12 KB',
    ignore: ['*/iterate.js', '*/function-greenlet.js', '*/process.js', '*/descriptors.js'],
    ...load,
  },
  {
    name: 'with stdin',
    limit: '14 KB',
    ignore: ['*/iterate.js', '*/function-greenlet.js', '*/process.js'],
    ...load,
  },
  {
    name: 'fetch',
    path: '../../js/modules/fetch.js',
    import: '{ fetchImports }',
    limit: '3 KB',
    ...gzip,
  },
  { name: 'pool', path: '../../js/pool/index.js', import: '{ loadPool }', limit: '5 KB', ...gzip },
];
