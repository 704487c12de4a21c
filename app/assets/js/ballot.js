import { keepDraft } from "./draft.js";
import { orderByHand } from "./ranking.js";

const form = document.querySelector("[data-ballot]");
if (form) {
  const texts = JSON.parse(form.dataset.texts);
  orderByHand(form, texts);
  keepDraft(form, texts);
}
