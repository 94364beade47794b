// One question at a time: its answers below one another, points by rubric line or number.
"use strict";
const base = document.currentScript.dataset.base;
const path = new URLSearchParams(location.search).get("path") || "";
const byId = id => document.getElementById(id);
let questions = [], answers = [], current = 0;

function cookie(name) {
  const found = document.cookie.match(new RegExp("(?:^|; )" + name + "=([^;]*)"));
  return found ? found[1] : "";
}

async function ask(name, parameters) {
  // On JupyterHub the token is asked for even where nothing is written.
  const reply = await fetch(base + "/api/" + name + "?" +
    new URLSearchParams({path, ...parameters}),
    {credentials: "same-origin", headers: {"X-XSRFToken": cookie("_xsrf")}});
  if (!reply.ok) throw new Error((await reply.json().catch(() => ({}))).message || reply.statusText);
  return reply.json();
}

async function send(said) {
  const reply = await fetch(base + "/api/grade", {
    method: "POST", credentials: "same-origin", body: JSON.stringify({path, ...said}),
    headers: {"Content-Type": "application/json", "X-XSRFToken": cookie("_xsrf")}});
  if (!reply.ok) throw new Error((await reply.json().catch(() => ({}))).message || reply.statusText);
}

function make(kind, text, properties) {
  const element = document.createElement(kind);
  if (text !== undefined) element.textContent = text;
  Object.assign(element, properties);
  return element;
}

const question = () => questions[byId("question").selectedIndex];
const shown = () => answers.filter(one => !byId("waiting").checked || one.waits || one.done);

function tell() {
  const waiting = answers.filter(one => one.waits).length;
  byId("progress").textContent = waiting === 0
    ? `all ${answers.length} answers have points`
    : `${waiting} of ${answers.length} answers wait`;
}

function setPoints(one, points) {
  const most = question().points;
  one.field.value = String(Math.round(100 * Math.max(0, Math.min(most, points))) / 100);
  touched(one);
}

// What is typed is kept when the cards are drawn anew, and asked about before it would be lost.
function touched(one) {
  one.typed = one.field.value;
  one.unsaved = true;
  say(one, "not saved yet", "");
}

const unsaved = () => answers.some(one => one.unsaved);

// A line of the mark scheme: off, given, or (with half) half given.
function toggle(one, number, half) {
  const part = question().parts[number];
  if (!part) return;
  const now = one.given[number] || 0, next = half ? (now === .5 ? 0 : .5) : (now === 1 ? 0 : 1);
  one.given[number] = next;
  one.buttons[number].setAttribute("aria-pressed", next === 1 ? "true" : next ? "mixed" : "false");
  setPoints(one, question().parts.reduce((sum, p, i) => sum + p.points * (one.given[i] || 0), 0));
}

function say(one, text, kind) {
  one.said.textContent = text;
  one.said.className = "said " + kind;
}

async function save(one) {
  const points = one.field.value.trim() === "" ? NaN : Number(one.field.value.replace(",", "."));
  if (Number.isNaN(points)) {
    say(one, "no points yet: type a number, or press the lines of the mark scheme", "wrong");
    return false;
  }
  try {
    await send({lesson: question().lesson, cell: question().cell, student: one.student,
      score: points, comment: one.note.value, seen: one.score, text: one.text, read: one.read});
  } catch (error) {
    say(one, "not saved: " + error.message, "wrong");
    return false;
  }
  one.score = points;
  one.read = one.note.value;
  one.typed = undefined;
  one.unsaved = false;
  one.done = true;
  one.waits = false;
  say(one, "saved", "saved");
  tell();
  return true;
}

function go(to) {
  const list = shown();
  if (list.length === 0) return;
  current = Math.max(0, Math.min(list.length - 1, to));
  for (const one of list) one.card.classList.toggle("current", one === list[current]);
  list[current].card.focus({preventScroll: true});
  list[current].card.scrollIntoView({block: "nearest"});
}

async function saveAndGo(one) {
  if (await save(one)) go(shown().indexOf(one) + 1);
}

function card(one, number) {
  const box = make("article", undefined, {tabIndex: -1});
  const head = make("header");
  const name = byId("hidden").checked ? `Answer ${number + 1}` : one.name;
  box.setAttribute("aria-label", name);
  head.append(make("h2", name), make("span", one.words === 1 ? "1 word" : `${one.words} words`, {className: "said"}));
  const text = make("div", undefined, {className: "text"});
  // The server cleaned it, and the page's policy runs no script but this file.
  text.innerHTML = one.html;
  if (!one.words) text.append(make("p", "nothing was written", {className: "empty"}));
  const parts = make("div", undefined, {className: "parts"});
  one.given = one.given || {};
  one.buttons = question().parts.map((part, i) => {
    const button = make("button", `${i + 1} · ${part.name} (${part.points})`, {type: "button"});
    const given = one.given[i] || 0;
    button.setAttribute("aria-pressed", given === 1 ? "true" : given ? "mixed" : "false");
    button.title = "Shift: half of it";
    button.addEventListener("click", event => toggle(one, i, event.shiftKey));
    return button;
  });
  one.field = make("input", undefined, {type: "text", inputMode: "decimal", size: 4,
    value: one.typed !== undefined ? one.typed : one.score === null ? "" : String(one.score)});
  one.field.setAttribute("aria-label", `Points of ${question().points}`);
  one.field.addEventListener("input", () => touched(one));
  const next = make("button", "Save, next", {type: "button"});
  next.addEventListener("click", () => saveAndGo(one));
  one.said = make("span", one.unsaved ? "not saved yet" : one.waits ? "waits" : "has points",
    {className: "said"});
  one.said.setAttribute("role", "status");
  parts.append(...one.buttons, one.field, make("span", `of ${question().points}`), next, one.said);
  one.note = make("textarea", undefined, {value: one.comment, rows: 1});
  one.note.setAttribute("aria-label", "Comment for the student");
  one.note.placeholder = "a comment for the student";
  one.note.addEventListener("input", () => { one.comment = one.note.value; touched(one); });
  box.append(head, text, parts, one.note);
  box.addEventListener("focusin", () => {
    const at = shown().indexOf(one);
    if (at !== current) {
      current = at;
      for (const other of shown()) other.card.classList.toggle("current", other === one);
    }
  });
  one.card = box;
  return box;
}

function draw() {
  byId("answers").replaceChildren(...shown().map(card));
  if (shown().length === 0) {
    byId("answers").append(make("p", answers.length === 0
      ? "Nobody's answer is in the gradebook yet: grade the class first."
      : "No answer to this question waits.", {className: "empty"}));
  }
  tell();
  go(0);
}

async function choose() {
  const one = question();
  chosen = byId("question").selectedIndex;
  byId("scheme").innerHTML = one.scheme;
  byId("asked").innerHTML = one.question;
  byId("model").innerHTML = one.answer;
  try {
    answers = await ask("answers", {lesson: one.lesson, cell: one.cell});
    for (const answer of answers) answer.read = answer.comment;
  } catch (error) {
    byId("answers").replaceChildren(make("p", error.message, {className: "said wrong"}));
    return;
  }
  draw();
}

document.addEventListener("keydown", event => {
  const typing = /^(TEXTAREA|SELECT)$/.test(event.target.tagName) ||
    (event.target.tagName === "INPUT" && event.target.type === "text");
  const one = shown()[current];
  if (!one || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") { one.card.focus(); return; }
  if (event.key === "Enter" && event.target.tagName === "INPUT") {
    event.preventDefault(); saveAndGo(one); return;
  }
  if (typing || event.target.tagName === "BUTTON" || event.target.tagName === "SUMMARY") return;
  const digit = event.code.match(/^(?:Digit|Numpad)(\d)$/);
  if (digit && digit[1] === "0") setPoints(one, 0);
  else if (digit) toggle(one, Number(digit[1]) - 1, event.shiftKey);
  else if (event.key === "Enter") saveAndGo(one);
  else if (event.key === "j") go(current + 1);
  else if (event.key === "k") go(current - 1);
  else if (event.key === "c") one.note.focus();
  else return;
  event.preventDefault();
});

for (const name of ["waiting", "hidden"]) byId(name).addEventListener("change", draw);
let chosen = 0;
byId("question").addEventListener("change", () => {
  if (unsaved() && !confirm("Some points or comments here are not saved. Leave them?")) {
    byId("question").selectedIndex = chosen;
    return;
  }
  choose();
});
addEventListener("beforeunload", event => { if (unsaved()) event.preventDefault(); });
ask("questions", {}).then(found => {
  questions = found.filter(one => one.total > 0);
  if (questions.length === 0) questions = found;
  byId("question").replaceChildren(...questions.map(one =>
    make("option", `${one.title}: ${one.name} (${one.waiting} of ${one.total} wait)`)));
  const first = questions.findIndex(one => one.waiting > 0);
  byId("question").selectedIndex = Math.max(0, first);
  choose();
}).catch(error => {
  byId("answers").replaceChildren(make("p", error.message, {className: "said wrong"}));
});
