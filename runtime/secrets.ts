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

/** Thirteen digits or more, as cards have them, in groups or not. */
const CARD_LIKE = /\b\d(?:[ -]?\d){12,18}\b/g
/** Numbers that issuers of cards begin with, and how many digits theirs have; identifiers and times seldom look like that. */
const ISSUED =
  /^(?:4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|35\d{14}|6(?:011|5\d\d|4[4-9]\d)\d{12})$/
const TOKEN = /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]+|\b(Bearer|Basic) +[\w.~+/=-]{8,}/g
/** What any of these has in it. */
const SUSPECT = /\d[ -]?\d[ -]?\d[ -]?\d[ -]?\d[ -]?\d|eyJ|Bearer |Basic /

/** A text without numbers of payment cards, JSON web tokens and credentials as HTTP sends them, whatever it is called. */
export function withoutSecrets(text: string): string {
  if (text.length < 13 || !SUSPECT.test(text)) return text
  return text
    .replace(CARD_LIKE, digits => (isCardNumber(digits.replace(/\D/g, '')) ? REDACTED : digits))
    .replace(TOKEN, (_, scheme?: string) => (scheme === undefined ? REDACTED : `${scheme} ${REDACTED}`))
}

/** Issued, and with the check digit of ISO/IEC 7812 (Luhn's). */
function isCardNumber(digits: string): boolean {
  if (!ISSUED.test(digits)) return false
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i])
    const doubled = i % 2 === 1 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}
