/** As many digits as a whole number has at least that a double cannot hold. */
const DIGITS = 16;
const [QUOTE, BACKSLASH, MINUS, ZERO, NINE] = [0x22, 0x5c, 0x2d, 0x30, 0x39];
/** What goes on in a number: a fraction, an exponent. */
const FURTHER = new Set(Buffer.from('.eE+-'));

/** Whether so many digits stand in a row somewhere: of every body, so it looks at one byte in so many. */
export function hasLongDigits(json: Buffer): boolean {
  for (let at = DIGITS - 1; at < json.length; at += DIGITS) {
    if (!isDigit(json[at])) continue;
    let from = at;
    while (isDigit(json[from - 1])) from--;
    if (digitsEnd(json, at) - from >= DIGITS) return true;
  }
  return false;
}

/**
 * What became of whole numbers of a JSON text that are others once they are read and written again, as a double is not that exact. Texts do
 * not count, nor does what has a fraction or an exponent: such numbers are rounded everywhere.
 */
export function inexactIntegers(json: Buffer): Set<number> {
  const values = new Set<number>();
  for (let at = 0; at < json.length; at++) {
    if (json[at] === QUOTE) at = textEnd(json, at);
    else if (isDigit(json[at])) {
      const from = json[at - 1] === MINUS ? at - 1 : at;
      const start = at;
      at = digitsEnd(json, at);
      if (!isFurther(json[at]) && at - start >= DIGITS) addInexact(values, json.toString('latin1', from, at));
      // And past the comma or bracket behind it.
      while (isFurther(json[at]) || isDigit(json[at])) at++;
    }
  }
  return values;
}

function addInexact(values: Set<number>, token: string): void {
  const value = Number(token);
  if (Number.isSafeInteger(value) || !Number.isFinite(value)) return;
  // By its last digits a double is often another number than the one that it is read from and written as.
  if (written(value) !== token && BigInt(value).toString() !== token) values.add(value);
}

/** As JavaScript writes it, without an exponent. */
function written(value: number): string {
  const [digits = '', exponent] = String(value).split('e+');
  if (exponent === undefined) return digits;
  const [whole = '', fraction = ''] = digits.split('.');
  return whole + fraction.padEnd(Number(exponent), '0');
}

function textEnd(json: Buffer, start: number): number {
  let at = start + 1;
  while (at < json.length && json[at] !== QUOTE) at += json[at] === BACKSLASH ? 2 : 1;
  return at;
}

function digitsEnd(json: Buffer, start: number): number {
  let at = start;
  while (isDigit(json[at])) at++;
  return at;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}

function isFurther(byte: number | undefined): boolean {
  return byte !== undefined && FURTHER.has(byte);
}
