// An order to move by buttons, by keyboard or by dragging. It only fills in the numbers
// of the form, which stay what is sent.
export function orderByHand(form, texts) {
  const section = form.querySelector("[data-rank-list]");
  if (!section) return;
  const order = new Order(section, texts);
  form.querySelectorAll("[data-rank-project]").forEach((element) => order.take(element));
  section.hidden = false;
  order.show();
}

class Order {
  constructor(section, texts) {
    this.list = section.querySelector("ol");
    this.heading = section.querySelector("h2");
    this.empty = section.querySelector("[data-rank-empty]");
    this.texts = texts;
    this.projects = [];
    this.voice = document.createElement("p");
    this.voice.className = "govuk-visually-hidden";
    this.voice.setAttribute("role", "status");
    section.append(this.voice);
  }

  take(element) {
    const project = { title: element.dataset.title, input: element.querySelector("input") };
    project.add = button(this.texts.add, project.title, () => this.add(project));
    project.add.className = "govuk-button govuk-button--secondary minga-choice__add";
    project.input.closest(".minga-choice__number").hidden = true;
    element.append(project.add);
    project.item = this.makeItem(project);
    this.projects.push(project);
  }

  /** The projects in the order, best first. */
  get ranked() {
    const rank = ({ input }) => Number.parseInt(input.value, 10);
    return this.projects
      .filter((project) => rank(project) > 0)
      .sort((one, other) => rank(one) - rank(other));
  }

  add(project) {
    this.set([...this.ranked, project]);
    this.say(this.texts.moved, project);
    project.item.querySelector("button").focus();
  }

  remove(project) {
    this.set(this.ranked.filter((other) => other !== project));
    this.say(this.texts.taken, project);
    this.heading.focus(); // the pressed button is gone
  }

  move(project, by, pressed) {
    const order = this.ranked.filter((other) => other !== project);
    const place = this.ranked.indexOf(project) + by;
    if (place < 0 || place > order.length) return;
    order.splice(place, 0, project);
    this.set(order);
    this.say(this.texts.moved, project);
    pressed.focus(); // moving the element has taken the focus away
  }

  set(order) {
    this.projects.forEach((project) => {
      const place = order.indexOf(project);
      project.input.value = place < 0 ? "" : String(place + 1);
    });
    this.show();
    this.list.dispatchEvent(new Event("input", { bubbles: true }));
  }

  show() {
    const order = this.ranked;
    this.list.replaceChildren(...order.map(({ item }) => item));
    this.empty.hidden = order.length > 0;
    this.projects.forEach((project) => (project.add.hidden = order.includes(project)));
  }

  say(text, project) {
    const rank = this.ranked.indexOf(project) + 1;
    this.voice.textContent = text.replace("{title}", project.title).replace("{rank}", rank);
  }

  makeItem(project) {
    const item = document.createElement("li");
    item.className = "minga-rank__item";
    const title = document.createElement("span");
    title.className = "minga-rank__title";
    title.textContent = project.title;
    const up = button(this.texts.up, project.title, () => this.move(project, -1, up));
    const down = button(this.texts.down, project.title, () => this.move(project, 1, down));
    const remove = button(this.texts.remove, project.title, () => this.remove(project));
    item.append(this.makeHandle(item), title, up, down, remove);
    return item;
  }

  makeHandle(item) {
    const handle = document.createElement("span");
    handle.className = "minga-rank__handle";
    handle.setAttribute("aria-hidden", "true");
    handle.addEventListener("pointerdown", (down) => {
      down.preventDefault();
      handle.setPointerCapture(down.pointerId);
      item.classList.add("minga-rank__item--held");
    });
    handle.addEventListener("pointermove", (move) => {
      if (handle.hasPointerCapture(move.pointerId)) this.dragTo(item, move.clientY);
    });
    handle.addEventListener("lostpointercapture", () => {
      item.classList.remove("minga-rank__item--held");
      this.set([...this.list.children].map((child) => this.projectOf(child)));
    });
    return handle;
  }

  /** Let the neighbour through whose middle the pointer has passed. */
  dragTo(item, y) {
    const middle = (other) => other.getBoundingClientRect().top + other.offsetHeight / 2;
    const { previousElementSibling: above, nextElementSibling: below } = item;
    if (above && y < middle(above)) item.after(above);
    else if (below && y > middle(below)) item.before(below);
  }

  projectOf(item) {
    return this.projects.find((project) => project.item === item);
  }
}

function button(text, title, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "minga-rank__button";
  made.append(text, hidden(` ${title}`));
  made.addEventListener("click", act);
  return made;
}

function hidden(text) {
  const span = document.createElement("span");
  span.className = "govuk-visually-hidden";
  span.textContent = text;
  return span;
}
