/** @typedef {'ECOMPILE' | 'ELINK' | 'EINSTRUMENT' | 'ETOOLCHAIN' | 'EPEER' | 'EFLAG' | 'EHOST' | 'ESOURCE' | 'ECACHE'} BuildErrorCode */

/**
 * A build that cannot go on, for a reason that whoever wrote the program or set up the machine can act on. Its
 * message is all there is to show: no stack of ours helps them.
 */
export class BuildError extends Error {
  /**
   * @param {BuildErrorCode} code
   * @param {string} message
   * @param {ErrorOptions} [options]
   */
  constructor(code, message, options) {
    super(message, options);
    this.name = 'BuildError';
    this.code = code;
  }
}
