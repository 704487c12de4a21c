import L from "leaflet";
import "../scss/map.scss";

const FIGURES = 5; // of a degree: about a metre
const TOWN_FILLS_MAX_ZOOM = 16;

document.querySelectorAll("[data-map]").forEach((place) => {
  place.hidden = false;
  draw(place);
});

function draw(place) {
  const texts = JSON.parse(place.dataset.texts);
  const { areas, points } = JSON.parse(place.querySelector("script").textContent);
  const canvas = place.querySelector(".minga-map__canvas");
  const map = L.map(canvas, {
    attributionControl: false,
    zoomControl: false,
    scrollWheelZoom: false, // the wheel scrolls the page
    maxZoom: 19,
    zoomSnap: 0.5,
    zoomAnimation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
  });
  L.control.zoom({ zoomInTitle: texts.zoomIn, zoomOutTitle: texts.zoomOut }).addTo(map);
  const shapes = L.geoJSON(areas, { className: "minga-map__area", onEachFeature: name });
  shapes.addTo(map);
  points.forEach((point) => marker(point).addTo(map));
  map.fitBounds(shapes.getBounds(), { padding: [12, 12], maxZoom: TOWN_FILLS_MAX_ZOOM });
  if (place.dataset.pick) pick(place, map, texts);
}

/** Districts carry their names; those of smaller areas would lie on one another. */
function name({ properties }, shape) {
  if (!properties.name) return;
  const large = properties.kind === "district";
  shape.bindTooltip(
    text(properties.name),
    large
      ? { permanent: true, direction: "center", className: "minga-map__name" }
      : { sticky: true },
  );
}

function marker(point) {
  const tone = point.tone === "good" ? "minga-map__pin--good" : "";
  const icon = L.divIcon({ className: `minga-map__pin ${tone}`, iconSize: [26, 26] });
  const made = L.marker([point.lat, point.lon], { icon, title: point.title, alt: point.title });
  return made.bindPopup(() => card(point));
}

/** Built from text, never from markup: titles are what residents typed. */
function card(point) {
  const box = document.createElement("div");
  const link = document.createElement("a");
  link.className = "govuk-link";
  link.href = point.href;
  link.textContent = point.title;
  box.append(link);
  if (point.line) {
    const line = document.createElement("p");
    line.textContent = point.line;
    box.append(line);
  }
  return box;
}

function text(words) {
  const span = document.createElement("span");
  span.textContent = words;
  return span;
}

function pick(place, map, texts) {
  const [latitude, longitude] = place.dataset.pick
    .split(" ")
    .map((id) => document.getElementById(id));
  const icon = L.divIcon({ className: "minga-map__pin minga-map__pin--chosen", iconSize: [30, 30] });
  let mark = null;

  function put(point) {
    mark?.remove();
    mark = L.marker(point, { icon, alt: texts.mark, title: texts.mark, keyboard: false });
    mark.addTo(map);
  }

  function choose(point) {
    put(point);
    latitude.value = point.lat.toFixed(FIGURES);
    longitude.value = point.lng.toFixed(FIGURES);
    latitude.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // What was typed may be no figures at all, or no place on earth: then it has no mark.
  const typed = [latitude, longitude].map(({ value }) => (value.trim() ? Number(value) : NaN));
  if (Math.abs(typed[0]) <= 90 && Math.abs(typed[1]) <= 180) put(typed);
  map.on("click", ({ latlng }) => choose(latlng));
  const centre = document.createElement("button");
  centre.type = "button"; // for the keyboard: arrows move the map, this button places the mark
  centre.className = "govuk-button govuk-button--secondary";
  centre.textContent = texts.centre;
  centre.addEventListener("click", () => choose(map.getCenter()));
  place.querySelector(".minga-map__end").append(centre);
}
