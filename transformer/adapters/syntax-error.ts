/** An error for a source file, whose stack is not the way through the loader but the file. */
export function syntaxError(file: string, reason: string): SyntaxError {
  const error = new SyntaxError(`${file}: ${reason}`)
  error.stack = `SyntaxError: ${error.message}`
  return error
}
