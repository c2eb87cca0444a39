/** Names whose values are never kept, in any spelling: `apiKey`, `api_key`, `X-API-KEY`. */
const SECRET =
  /password|passwd|passphrase|secret|token|authorization|cookie|credential|apikey|privatekey|accesskey|sessionid|cardnumber|creditcard|^(?:pwd|pass|auth|jwt|pin|cvv|cvc|ssn|otp|iban|bearer)$/

export const REDACTED = '[redacted]'

/** Longer names are data, in which such a word says nothing. */
const MAX_NAME = 200

/** Whether a value of this name must not be kept. */
export function isSecret(name: string): boolean {
  return name.length <= MAX_NAME && SECRET.test(name.replace(/[^\p{L}\p{N}]/gu, '').toLowerCase())
}

/** A URL without its password and without the values of secret parameters. */
export function redactedUrl(href: string): string {
  if (!/[@?]/.test(href)) return href
  const url = new URL(href)
  if (url.password !== '') url.password = 'redacted'
  for (const name of [...url.searchParams.keys()]) if (isSecret(name)) url.searchParams.set(name, REDACTED)
  return url.href
}
