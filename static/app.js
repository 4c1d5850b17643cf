/* What the pages do beyond plain forms. Everything works without it; it loads from this server and evaluates nothing. */
"use strict";

// Autosave: one "answer" event per pause, whatever the control. The form posts itself on it through htmx.
const TYPING = 700;
let pause;

function answersForm() {
  return document.getElementById("answers");
}

function announce(form) {
  clearTimeout(pause);
  form.dispatchEvent(new CustomEvent("answer"));
}

document.addEventListener("input", ({ target }) => {
  const form = answersForm();
  if (!form || target.form !== form || target.closest("#clashes")) return;
  saveState("waiting");
  clearTimeout(pause);
  pause = setTimeout(announce, target.matches("[type=radio], [type=checkbox], select") ? 0 : TYPING, form);
});

// "Not sure" and "None of these" go with no other answer of a list.
document.addEventListener("input", ({ target }) => {
  if (!target.matches(".choices [type=checkbox]") || !target.checked) return;
  const alone = ({ value }) => value === "not_sure" || value === "none_of_them";
  for (const box of target.closest(".choices").querySelectorAll(":checked")) {
    if (box !== target && (alone(box) || alone(target))) box.checked = false;
  }
});

document.addEventListener("change", ({ target }) => {
  const form = answersForm();
  if (form && target.form === form && !target.closest("#clashes") && !target.matches("[type=radio], [type=checkbox], select")) announce(form);
});

function saveState(state) {
  const place = document.getElementById("save-state");
  if (!place) return;
  place.className = `save ${state}`;
  place.querySelector("span").textContent = place.dataset[state]; // the page says it in its own language
  const again = document.getElementById("save-again");
  if (again) again.hidden = state !== "bad";
}

// Every save answers with a "kept" event. None means a lost connection, a fault or a sign-in page.
let kept = true;

document.addEventListener("htmx:configRequest", ({ target, detail }) => {
  if (target !== answersForm()) return;
  // The marks of what stands here: the answer brings what shows something else now.
  detail.headers["X-Shown"] = [...document.querySelectorAll("[data-mark]")].map((part) => part.dataset.mark).join(" ");
});

document.addEventListener("htmx:beforeRequest", ({ target }) => {
  if (target !== answersForm()) return;
  kept = false;
  saveState("busy");
});

document.addEventListener("kept", ({ detail }) => {
  kept = true;
  const problems = detail.problems;
  document.getElementById("save-state").className = Object.keys(problems).length ? "save bad" : "save";
  document.getElementById("save-again").hidden = true;
  for (const part of document.querySelectorAll("[data-applies]")) {
    part.hidden = !detail.applying.includes(part.dataset.applies);
  }
  for (const place of document.querySelectorAll("[data-error]")) {
    const path = place.dataset.error;
    place.textContent = problems[path] || "";
    document.getElementById(place.id.slice(2))?.toggleAttribute("aria-invalid", path in problems);
  }
});

document.addEventListener("htmx:afterRequest", ({ target }) => {
  localTimes(document);
  if (target === answersForm() && !kept) saveState("bad");
});

document.addEventListener("click", ({ target }) => {
  if (target.id === "save-again") announce(answersForm());
});

// What was read from files is held by the server: the page is loaded anew from there, and nothing is sent twice.
const held = document.querySelector("#read-h ~ form [name=upload]");
if (held && !location.search) history.replaceState(null, "", `?upload=${held.value}`);

// A baseline that is used again stands on the page alone until it is kept; a form that is sent takes it along.
let sent = false;
document.addEventListener("submit", () => (sent = true));

addEventListener("beforeunload", (event) => {
  const unkept = !sent && document.getElementById("keep");
  if (unkept || document.querySelector("#save-state.bad, #save-state.busy")) event.preventDefault();
});

// A real submit saves everything itself.
document.addEventListener("submit", ({ target }) => {
  if (target !== answersForm()) return;
  clearTimeout(pause);
  const place = document.getElementById("save-state");
  if (place) place.className = "save";
});

// Rows that a person opened or closed stay so when the panel is renewed.
const open = new Map();

document.addEventListener("htmx:oobBeforeSwap", ({ detail }) => {
  for (const row of detail.target.querySelectorAll("details[id]")) open.set(row.id, row.open);
  detail.target.replaceChildren(); // htmx tells a thousand parts one by one that they go; none of ours has anything to put away
});

document.addEventListener("htmx:oobAfterSwap", ({ target }) => {
  for (const row of target.querySelectorAll("details[id]")) {
    if (open.has(row.id)) row.open = open.get(row.id);
  }
});

function localTimes(root) {
  for (const time of root.querySelectorAll("time[data-clock]")) {
    time.textContent = new Date(time.dateTime).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
  }
}
localTimes(document);

// Files dropped anywhere on the zone become the file field's.
for (const zone of document.querySelectorAll(".drop")) {
  const field = zone.querySelector("input[type=file]");
  zone.addEventListener("dragover", (event) => {
    event.preventDefault();
    zone.classList.add("over");
  });
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    if (event.dataTransfer.files.length) {
      field.files = event.dataTransfer.files;
      field.form.requestSubmit();
    }
  });
}

// The account menu closes on Escape and on a click elsewhere.
document.addEventListener("click", ({ target }) => {
  const menu = document.getElementById("account-menu");
  if (menu && !menu.contains(target)) menu.open = false;
});
document.addEventListener("keydown", ({ key }) => {
  const menu = document.getElementById("account-menu");
  if (key !== "Escape" || !menu || !menu.open) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

const summary = document.getElementById("errors");
if (summary) summary.focus();

// On a phone a record is read section by section: each folds under its heading. A link into one opens it.
if (matchMedia("(width < 720px)").matches) {
  for (const part of document.querySelectorAll(".record > .level-2")) {
    const below = [];
    for (let next = part.nextElementSibling; next && !next.matches(".level-2"); next = next.nextElementSibling) below.push(next);
    const fold = document.createElement("details");
    const line = document.createElement("summary");
    fold.append(line, ...part.children, ...below);
    line.append(fold.querySelector("h2"));
    part.append(fold);
  }
  const meant = location.hash && document.querySelector(`[id="${CSS.escape(location.hash.slice(1))}"]`);
  const fold = meant ? meant.closest("details") || meant.querySelector(":scope > details") : document.querySelector(".record details");
  if (fold) fold.open = true;
  if (meant) meant.scrollIntoView();
}
