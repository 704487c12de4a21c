const SECONDS_TO_ANSWER = 10;

/** A second click while the first is under way sends nothing. */
export function sendOnce() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-submit-once]")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    // A download leaves the page as it is, and so may a lost connection.
    setTimeout(() => delete form.dataset.sent, SECONDS_TO_ANSWER * 1000);
  });
  // The page comes back from the browser's memory as it was left.
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("[data-sent]").forEach((form) => delete form.dataset.sent);
  });
}
