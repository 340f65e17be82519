// The wall board: asks for the figures every second and changes only what differs.
"use strict";
const byId = (id) => document.getElementById(id);
let shown = "";
let lastAnswer = Date.now();

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text; // text, never markup
  return made;
}

function figure(label, value) {
  const box = element("div", "figure");
  box.append(element("b", "", value), element("span", "", label));
  return box;
}

function village(row) {
  const line = element("div", row.reached ? "village reached" : "village");
  const track = element("div", "track");
  const bar = element("div", "bar");
  bar.style.width = Math.min(row.share, 100) + "%";
  track.append(bar);
  line.append(
    element("span", "name", row.name), track, element("span", "number", row.rate),
    element("span", "number", row.missing), element("span", "today", row.today));
  return line;
}

function shape(space, tag, values) {
  const made = document.createElementNS(space, tag);
  for (const [name, value] of Object.entries(values)) made.setAttribute(name, value);
  return made;
}

function weeks(points, pace, target, span) {
  const space = "http://www.w3.org/2000/svg";
  const svg = shape(space, "svg", { viewBox: "0 0 1000 100", preserveAspectRatio: "none" });
  const most = Math.max(target || 0, ...points, ...pace, 1);
  const step = points.length > 1 ? 1000 / (points.length - 1) : 0;
  const height = (heads) => 98 - heads / most * 94;
  const line = (values) => values.map((heads, place) => `${place * step},${height(heads)}`).join(" ");
  if (target) svg.append(shape(space, "line", { x1: 0, x2: 1000, y1: height(target), y2: height(target) }));
  if (pace.length) svg.append(shape(space, "polyline", { class: "pace", points: line(pace) }));
  svg.append(shape(space, "polyline", { points: line(points) }));
  const days = element("div", "days");
  days.append(...span.map((day) => element("span", "", day)));
  return [svg, days];
}

function fill(villages) {
  if (villages.length > 60) return "many";
  return villages.length <= 24 ? "few" : "";
}

function show(figures) {
  document.documentElement.lang = figures.language;
  document.title = figures.title;
  byId("office").textContent = figures.title;
  byId("training").hidden = !figures.training;
  byId("moment").textContent = figures.moment;
  byId("township").replaceChildren(...figures.township.map(([label, value]) => figure(label, value)));
  byId("weeks").replaceChildren(...weeks(figures.weeks, figures.pace, figures.target, figures.span));
  byId("groups").replaceChildren(...figures.groups.map((group) =>
    element("span", group.reached === null ? "" : group.reached ? "reached" : "behind", group.text)));
  byId("villages").className = fill(figures.villages);
  byId("villages").replaceChildren(...figures.villages.map(village));
}

async function refresh() {
  try {
    const answer = await fetch("figures.json", { cache: "no-store" });
    if (!answer.ok) throw new Error(String(answer.status));
    const text = await answer.text();
    lastAnswer = Date.now();
    byId("stale").hidden = true;
    if (text !== shown) {
      shown = text;
      show(JSON.parse(text));
    }
  } catch (problem) {
    const seconds = Math.round((Date.now() - lastAnswer) / 1000);
    byId("stale").hidden = false;
    byId("stale").textContent = `数据中断 / no figures for ${seconds} s`;
  }
}

refresh();
setInterval(refresh, 1000);
