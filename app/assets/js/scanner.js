// Reads a voucher with the camera of the page. Pictures stay in the browser; nothing is kept.
import { findDetector } from "./detector.js";
import { looksLikeVoucher, readCode } from "./voucher_code.js";

const MILLISECONDS_BETWEEN = 120;
const CAMERA = { audio: false, video: { facingMode: "environment", width: { ideal: 1280 } } };

document.querySelectorAll("[data-scanner]").forEach((place) => start(place));

async function start(place) {
  const video = place.querySelector("video");
  say(place, place.dataset.textStarting);
  try {
    const stream = await navigator.mediaDevices.getUserMedia(CAMERA);
    addEventListener("pagehide", () => stop(stream));
    video.srcObject = stream;
    await video.play();
    const detector = await findDetector(place.dataset.wasmUrl);
    say(place, place.dataset.textLooking);
    look(place, video, detector, stream);
  } catch (problem) {
    const refused = problem.name === "NotAllowedError";
    say(place, refused ? place.dataset.textRefused : place.dataset.textNoCamera);
    video.hidden = true;
  }
}

async function look(place, video, detector, stream) {
  const texts = await seen(detector, video);
  const codes = new Set(texts.map(readCode).filter(Boolean));
  if (codes.size === 1) {
    stop(stream);
    say(place, place.dataset.textFound);
    send(place, [...codes][0]);
    return;
  }
  if (codes.size > 1) say(place, place.dataset.textSeveral);
  else if (texts.some(looksLikeVoucher)) say(place, place.dataset.textMistyped);
  else if (texts.length) say(place, place.dataset.textForeign);
  setTimeout(() => look(place, video, detector, stream), MILLISECONDS_BETWEEN);
}

/** What the QR codes in the present picture say; a picture that cannot be read shows none. */
async function seen(detector, video) {
  try {
    return (await detector.detect(video)).map((found) => found.rawValue);
  } catch {
    return [];
  }
}

function send(place, code) {
  const form = place.querySelector("form");
  form.elements.code.value = code;
  form.requestSubmit();
}

function stop(stream) {
  stream.getTracks().forEach((track) => track.stop());
}

function say(place, text) {
  const words = place.querySelector("[role=status]");
  if (words.textContent !== text) words.textContent = text; // else it is read out again
}
