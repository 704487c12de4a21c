// Make or use a passkey. The server's options and our answer are JSON, with binary parts
// as base64url; browsers want and give them as bytes.
document.querySelectorAll("[data-passkey]").forEach((place) => {
  if (!window.PublicKeyCredential || isAddress(location.hostname)) return;
  place.hidden = false;
  place.querySelector("button").addEventListener("click", () => run(place));
});

/** Passkeys belong to a name; browsers refuse them on a bare address such as 127.0.0.1. */
function isAddress(host) {
  return /^[\d.]+$|:/.test(host);
}

async function run(place) {
  const error = place.querySelector("[role=alert]");
  error.hidden = true;
  try {
    const options = await post(place, place.dataset.optionsUrl, {});
    const credential = await ask(place.dataset.passkey, options);
    const { url } = await post(place, place.dataset.verifyUrl, { credential });
    location.assign(url);
  } catch (problem) {
    if (problem.name === "NotAllowedError") return; // closed by the person
    error.textContent = problem.sentence ?? place.dataset.textFailed;
    error.hidden = false;
  }
}

async function post(place, url, body) {
  const answer = await fetch(url, {
    method: "POST",
    headers: {
      Accept: "application/json",
      "Content-Type": "application/json",
      "X-CSRFToken": place.dataset.csrf,
    },
    body: JSON.stringify(body),
  });
  const said = await answer.json();
  if (!answer.ok) throw Object.assign(new Error("refused"), { sentence: said.message });
  return said;
}

async function ask(kind, options) {
  const publicKey = {
    ...options,
    challenge: toBytes(options.challenge),
    ...(options.user && { user: { ...options.user, id: toBytes(options.user.id) } }),
    ...withIds(options, "allowCredentials"),
    ...withIds(options, "excludeCredentials"),
  };
  return toJson(await navigator.credentials[kind]({ publicKey }));
}

function withIds(options, list) {
  if (!options[list]) return {};
  return { [list]: options[list].map((item) => ({ ...item, id: toBytes(item.id) })) };
}

function toJson(credential) {
  const { response } = credential;
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const given = parts.filter((part) => response[part]);
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: {
      ...Object.fromEntries(given.map((part) => [part, toText(response[part])])),
      ...(response.getTransports && { transports: response.getTransports() }),
    },
  };
}

function toBytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function toText(bytes) {
  const plain = String.fromCharCode(...new Uint8Array(bytes));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
