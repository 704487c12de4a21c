/**
 * The letter's QR code holds the voting code behind the `#` of the address, a part that
 * browsers never send. It goes into the field, and out of the address and the history.
 */
export function fillVotingCode() {
  const field = document.querySelector("[data-voting-code]");
  const code = decodeURIComponent(location.hash.slice(1));
  if (!field || !/^[\w-]{16,24}$/.test(code)) return;
  if (!field.value) field.value = code;
  history.replaceState(null, "", location.pathname + location.search);
}
