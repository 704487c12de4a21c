// While a form is filled in, show what its settings will say to residents. The server writes
// the sentences; without scripts a button asks for them.
const SECONDS_OF_QUIET = 0.5;

export function previewForms() {
  const preview = document.querySelector("[data-preview]");
  const form = preview?.closest("form");
  if (!form) return;
  let timer = null;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => refresh(form, preview), SECONDS_OF_QUIET * 1000);
  });
}

async function refresh(form, preview) {
  const fields = new FormData(form);
  fields.set("action", "preview");
  try {
    const answer = await fetch(location.href, { method: "POST", body: fields });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-preview]");
    if (fresh && fresh.innerHTML !== preview.innerHTML) {
      preview.replaceChildren(...fresh.childNodes);
    }
  } catch {
    // Without a connection the old sentences stay; saving will say what is wrong.
  }
}
