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
  stopLooking(); // what has not come until now is for the save to bring
  form.dispatchEvent(new CustomEvent("answer"));
}

function save(form, wait) {
  clearTimeout(pause);
  pause = setTimeout(announce, wait, form);
}

document.addEventListener("input", ({ target }) => {
  const form = answersForm();
  if (!form || target.form !== form || target.closest("#clashes")) return;
  const typing = !target.matches("[type=radio], [type=checkbox], select");
  const wait = choose(form, typing);
  saveState("waiting");
  save(form, typing ? TYPING : wait);
});

// "Not sure" and "None of these" go with no other answer of a list.
document.addEventListener("input", ({ target }) => {
  if (!target.matches(".choices [type=checkbox]") || !target.checked) return;
  const alone = ({ value }) => value === "not_sure" || value === "none_of_them";
  for (const box of target.closest(".choices").querySelectorAll(":checked")) {
    if (box !== target && (alone(box) || alone(target))) box.checked = false;
  }
});

// An answer that is one of several cannot be unticked: "Clear" beside it takes it back, and the focus stays with the question.
document.addEventListener("input", ({ target }) => {
  const clear = target.checked && target.matches("#answers [type=radio]") && answersForm().querySelector(`[name=clear][value="${target.name}"]`);
  if (clear) clear.hidden = false;
});

document.addEventListener("click", (event) => {
  const clear = event.target.closest("#answers [name=clear]");
  if (!clear) return;
  event.preventDefault();
  const options = [...clear.form.elements[clear.value]];
  for (const one of options) one.checked = false;
  options[0].focus();
  clear.hidden = true;
  options[0].dispatchEvent(new Event("input", { bubbles: true }));
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

// Looking ahead: while the pointer or the focus rests on a question, the server is asked what the page would show for each
// of its answers, one request at a time, and writes nothing; a button that is pressed on an answer asks for that one, and
// so does a choice that nobody foresaw: nothing has to be written before it is shown. The save that follows says by the
// marks whether it was right and brings what was not; one that is refused or lost takes it back.
const REST = 120;
const FRAME = 34; // the panel is painted before the save takes the processor
const PATIENCE = 150; // a choice that is being asked about waits this long for its panel before it is saved
const MOST = 8;
const foreseen = new Map(); // what would be posted: the parts of the page that would change
const former = []; // what stood there before a choice that is not kept yet: [new part, old part]
let asking = new AbortController();
let asked; // what would be posted, while the server works on it
let chosen; // the same, once it was chosen meanwhile
let took = 0; // milliseconds that the last answer needed
let resting;
let looked;

function marks() {
  return [...document.querySelectorAll("[data-mark]")].map((part) => part.dataset.mark).join(" ");
}

function posted(form, choice) {
  const data = new FormData(form);
  if (choice) data.set(choice.name, choice.value);
  data.delete("csrfmiddlewaretoken");
  const fields = new URLSearchParams(data);
  fields.sort();
  return fields.toString();
}

function optionsAt(target) {
  const options = target.closest("#answers :is(.choices, .seg)") || target.closest("#answers .q")?.querySelector(".choices");
  return options?.closest("#clashes") ? null : options;
}

function lookAt({ target }) {
  const options = optionsAt(target);
  if (!options || options === looked) return;
  looked = options;
  rest();
}

function rest() {
  if (chosen) return; // the choice first: what comes next is looked at when it is kept
  stopLooking();
  if (mayLook()) resting = setTimeout(lookAhead, REST, looked);
}

// Nothing is on its way: what the page shows is what the server has.
function mayLook() {
  return kept && !document.querySelector("#save-state:is(.waiting, .busy, .bad)") && !navigator.connection?.saveData;
}

function stopLooking() {
  clearTimeout(resting);
  asking.abort();
  asked = chosen = undefined;
  foreseen.clear();
}

async function lookAhead(options, first) {
  const form = answersForm();
  const { signal } = (asking = new AbortController());
  const choices = [...options.querySelectorAll("[type=radio]:not(:checked)")];
  for (let left = MOST; left && choices.length && !signal.aborted; left--) {
    const likely = choices.findIndex((one) => one === first || one.matches("label:hover *"));
    const [choice] = choices.splice(Math.max(likely, 0), 1);
    const body = posted(form, choice);
    if (!foreseen.has(body) && !(await ask(form, body, signal))) return;
  }
}

// Keeps what would be shown, or shows it at once where it was chosen meanwhile; says whether to ask on.
async function ask(form, body, signal) {
  asked = body;
  const since = performance.now();
  const parts = await ahead(form, body, signal);
  if (signal.aborted) return false;
  took = performance.now() - since;
  asked = undefined;
  if (body === chosen) save(form, show(parts));
  else if (parts) foreseen.set(body, parts);
  return body !== chosen;
}

// The parts of the page that would change; none when it was given up, or where only a save can say.
async function ahead(form, body, signal) {
  const headers = {
    "X-CSRFToken": form.elements.csrfmiddlewaretoken.value,
    "X-Shown": marks(),
    "Content-Type": "application/x-www-form-urlencoded",
  };
  try {
    const answer = await fetch(form.dataset.ahead, { method: "POST", body, headers, signal, redirect: "error" });
    if (answer.status !== 200) return null;
    const parts = document.createElement("template");
    parts.innerHTML = await answer.text();
    return document.adoptNode(parts.content);
  } catch {
    return null;
  }
}

// After a choice: shows what was foreseen of it or asks for it, and says how many milliseconds the save is to wait.
function choose(form, typing) {
  const body = posted(form);
  const look = mayLook();
  const parts = look && foreseen.get(body);
  looked = undefined;
  clearTimeout(resting);
  if (asked !== body) {
    stopLooking();
    if (parts || !look || typing || took > PATIENCE) return show(parts);
    ask(form, body, (asking = new AbortController()).signal);
  }
  chosen = body;
  return PATIENCE;
}

function show(parts) {
  if (!parts) return 0;
  for (const part of [...parts.children]) {
    const here = document.getElementById(part.id);
    if (!here) continue;
    noteRows(here);
    openRows(part);
    here.replaceWith(part);
    former.push([part, here]);
  }
  return FRAME;
}

function takeBack() {
  for (const [part, here] of former.splice(0)) part.replaceWith(here);
}

document.addEventListener("pointerover", lookAt);
document.addEventListener("focusin", lookAt);
document.addEventListener("pointerdown", ({ target }) => {
  const choice = target.closest("label")?.control;
  const options = choice?.matches("[type=radio]:not(:checked)") && optionsAt(choice);
  if (!options || !mayLook()) return;
  const body = posted(answersForm(), choice);
  if (asked === body || foreseen.has(body)) return;
  stopLooking();
  lookAhead((looked = options), choice);
});

// Every save answers with a "kept" event. None means a lost connection, a fault or a sign-in page.
let kept = true;

document.addEventListener("htmx:configRequest", ({ target, detail }) => {
  if (target !== answersForm()) return;
  // The marks of what stands here: the answer brings what shows something else now.
  detail.headers["X-Shown"] = marks();
});

document.addEventListener("htmx:beforeRequest", ({ target }) => {
  if (target !== answersForm()) return;
  kept = false;
  saveState("busy");
});

document.addEventListener("kept", ({ detail }) => {
  kept = true;
  former.length = 0; // what was wrong of it came with this answer
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
  if (target !== answersForm()) return;
  if (kept) {
    const typed = document.activeElement?.closest(":focus-visible"); // the arrows of a keyboard choose as they go
    if (looked) rest();
    else if (typed) lookAt({ target: typed });
  } else {
    takeBack();
    saveState("bad");
  }
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

// What was refused is in no draft: it waits in this window for the page to come back, after another language or another page.
const typed = `typed ${location.pathname}`;

addEventListener("pagehide", () => {
  const refused = [...document.querySelectorAll("#answers [aria-invalid]")].map(({ name, value }) => [name, value]);
  if (refused.length) sessionStorage.setItem(typed, JSON.stringify(refused));
});

addEventListener("load", () => {
  const form = answersForm();
  const refused = form && JSON.parse(sessionStorage.getItem(typed) || "[]");
  if (!refused?.length) return;
  sessionStorage.removeItem(typed);
  for (const [name, value] of refused) if (form.elements[name]) form.elements[name].value = value;
  saveState("waiting");
  announce(form);
});

// A real submit saves everything itself.
document.addEventListener("submit", ({ target }) => {
  if (target !== answersForm()) return;
  clearTimeout(pause);
  const place = document.getElementById("save-state");
  if (place) place.className = "save";
});

// Rows that a person opened or closed stay so when the panel is renewed; what came open by itself, the best row, does not.
const open = new Map();
const arrived = new WeakMap(); // how the server sent a row

function noteRows(part) {
  for (const row of part.querySelectorAll("details[id]")) {
    if (row.open === (arrived.get(row) ?? false)) open.delete(row.id);
    else open.set(row.id, row.open);
  }
}

function openRows(part) {
  for (const row of part.querySelectorAll("details[id]")) {
    arrived.set(row, row.open);
    if (open.has(row.id)) row.open = open.get(row.id);
  }
}
openRows(document);

document.addEventListener("htmx:oobBeforeSwap", ({ detail }) => {
  noteRows(detail.target);
  detail.target.replaceChildren(); // htmx tells a thousand parts one by one that they go; none of ours has anything to put away
});

document.addEventListener("htmx:oobAfterSwap", ({ target }) => openRows(target));

function localTimes(root) {
  for (const time of root.querySelectorAll("time[data-clock]")) {
    const at = new Date(time.dateTime);
    const day = at.toDateString() === new Date().toDateString() ? {} : { day: "numeric", month: "short" };
    const language = document.documentElement.lang.replace(/^en$/, "en-GB"); // day before month, as the pages write it
    time.textContent = at.toLocaleString(language, { ...day, hour: "2-digit", minute: "2-digit", hour12: false });
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
