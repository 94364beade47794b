
"use strict";
const form = document.querySelector(".filters");
const table = document.querySelector("#people");
const rows = [...table.tBodies[0].rows];
const field = id => document.getElementById(id);
const plain = text => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function filter() {
  const wanted = field("hide-names").checked ? "" : plain(field("search").value.trim());
  const section = field("section")?.value, status = field("status").value;
  let shown = 0;
  for (const row of rows) {
    const name = plain(row.querySelector(".name").textContent);
    row.hidden = !(name.includes(wanted)
                   && (!section || row.dataset.section.split("\n").includes(section))
                   && (!status || row.dataset.status.split(" ").includes(status)));
    shown += !row.hidden;
  }
  field("count").textContent = `${shown} of ${rows.length} students`;
}

function sort(header, button) {
  const number = header.dataset.sort === "number", at = header.cellIndex;
  const down = header.getAttribute("aria-sort") === (number ? "descending" : "ascending")
    ? !number : number;
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  header.setAttribute("aria-sort", down ? "descending" : "ascending");
  const key = row => row.cells[at].dataset.key ?? row.cells[at].textContent;
  const compare = (a, b) => isNaN(key(a)) || isNaN(key(b)) ? key(a).localeCompare(key(b))
    : key(a) - key(b);
  rows.sort((a, b) => down ? compare(b, a) : compare(a, b));
  table.tBodies[0].append(...rows);
}

for (const header of table.querySelectorAll("th[data-sort]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.append(...header.childNodes);
  header.append(button);
  button.addEventListener("click", () => sort(header, button));
}
form.hidden = false;
form.addEventListener("input", filter);
form.addEventListener("submit", event => event.preventDefault());
// An address names its student, too.
const links = [...document.querySelectorAll(".points a")];
const addresses = new Map(links.map(link => [link, link.getAttribute("href")]));
function hide() {
  for (const link of links)
    if (field("hide-names").checked) link.removeAttribute("href");
    else link.setAttribute("href", addresses.get(link));
  filter();
}
field("hide-names").addEventListener("change", hide);
hide();
