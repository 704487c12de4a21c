// The draft lives on the server, sealed; nothing is kept in this browser. The server also
// says what is chosen, what is left and what is in the way: there is one set of rules.
const SECONDS_OF_QUIET = 0.4;
const SECONDS_TO_RETRY = 4;

export function keepDraft(form, texts) {
  const bar = form.querySelector("[data-ballot-bar]");
  let timer = null;
  let underWay = false;
  let changed = false;

  function saveIn(seconds) {
    clearTimeout(timer);
    timer = setTimeout(save, seconds * 1000);
  }

  async function save() {
    underWay = true;
    changed = false;
    note(bar, texts.saving);
    try {
      show(bar, await send(form), texts);
      if (changed) saveIn(SECONDS_OF_QUIET);
    } catch {
      note(bar, texts.lost);
      saveIn(SECONDS_TO_RETRY);
    }
    underWay = false;
  }

  form.addEventListener("input", () => {
    changed = true;
    // One request at a time, or an older draft could overtake a newer one.
    if (!underWay) saveIn(SECONDS_OF_QUIET);
  });
}

async function send(form) {
  const answer = await fetch(form.dataset.draftUrl, {
    method: "POST",
    body: new URLSearchParams(new FormData(form)),
    headers: { Accept: "application/json" },
  });
  if (answer.redirected) return { expired: true }; // to the page that asks for the code again
  return answer.json();
}

function show(bar, said, texts) {
  if (said.expired) return note(bar, texts.expired);
  if (said.message) return note(bar, said.message);
  note(bar, "");
  say(bar.querySelector("[data-ballot-status]"), said.status);
  const blockers = bar.querySelector("[data-ballot-blockers]");
  const before = [...blockers.children].map((item) => item.textContent);
  if (before.join("\n") !== said.blockers.join("\n")) {
    blockers.replaceChildren(...said.blockers.map(listItem));
  }
  blockers.hidden = said.blockers.length === 0;
}

function note(bar, text) {
  const line = bar.querySelector("[data-ballot-note]");
  say(line, text);
  line.hidden = !text;
}

/** Only what has changed is written, since what is written is read out. */
function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function listItem(text) {
  const item = document.createElement("li");
  item.textContent = text;
  return item;
}
