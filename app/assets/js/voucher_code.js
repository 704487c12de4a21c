// The code of a voucher, read as `app/vouchers/codes.py` reads it: slips are found without asking.
const SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH = 12;

/** Return the twelve symbols of a typed code or of a QR picture's address; null for anything else. */
export function readCode(text) {
  const address = /^https?:\/\/[^/]+\/v\/([^/?#]+)/i.exec(text.trim());
  const typed = (address ? address[1] : text).toUpperCase().replace(/[\s-]/g, "");
  const code = typed.replace(/[IL]/g, "1").replace(/O/g, "0");
  return code.length === LENGTH && hasRightCheck(code) ? code : null;
}

/** The last symbol follows from the others: doubling and adding in GF(32), modulo x^5 + x^2 + 1. */
function hasRightCheck(code) {
  const numbers = [...code].map((symbol) => SYMBOLS.indexOf(symbol));
  if (numbers.includes(-1)) return false;
  const check = numbers.slice(0, -1).reduce((sum, number) => doubled(sum ^ number), 0);
  return check === numbers[LENGTH - 1];
}

function doubled(number) {
  return number & 16 ? ((number << 1) ^ 37) & 31 : number << 1;
}

/** Whether a QR picture may hold a voucher at all, right or misread. */
export function looksLikeVoucher(text) {
  return /^https?:\/\/[^/]+\/v\//i.test(text.trim());
}
