// A voucher's code that is typed: a slip is told when its field is left, before anything is sent.
// The server judges all the same; without this script it is the first to say so.
import { readCode } from "./voucher_code.js";

export function checkTypedCodes() {
  document.querySelectorAll("[data-slip]").forEach((field) => {
    const note = document.createElement("p");
    note.className = "govuk-error-message";
    note.id = `${field.id}-slip`;
    note.setAttribute("aria-live", "polite");
    field.before(note);
    const tell = (slipped) => {
      note.textContent = slipped ? field.dataset.slip : "";
      field.classList.toggle("govuk-input--error", slipped);
      field.setAttribute("aria-describedby", described(field, note.id, slipped));
    };
    field.addEventListener("change", () => tell(Boolean(field.value.trim()) && !readCode(field.value)));
    field.addEventListener("input", () => readCode(field.value) && tell(false));
  });
}

function described(field, id, slipped) {
  const others = (field.getAttribute("aria-describedby") ?? "").split(" ").filter((one) => one && one !== id);
  return [...others, ...(slipped ? [id] : [])].join(" ");
}
