"use strict";
const $ = (id) => document.getElementById(id);
const methods = ["get", "post", "put", "patch", "delete"];
let spec = null;

/** Builds an element; children that are null are left out, text is never read as markup. */
function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(9).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Text with `code` and **strong** words in it. */
function prose(text) {
  return (text ?? "").split(/(`[^`]*`|\*\*[^*]*\*\*)/).map((part) => {
    if (part.startsWith("`")) return h("code", null, part.slice(1, -1));
    return part.startsWith("**") ? h("strong", null, part.slice(2, -2)) : part;
  });
}

const paragraphs = (text) => (text ?? "").split(/\n\n+/).filter(Boolean);

// The page ----------------------------------------------------------------------------------------------------------

/** `required`: a caller has to send it; said of requests only, for answers hold every field. */
function fieldRow(name, schema, required, depth, note) {
  const [plain] = nonNull(schema);
  const inner = plain.type === "array" ? nonNull(plain.items ?? {})[0] : plain;
  const nested = inner.properties && depth < 4 ? fieldRows(inner, required !== null, depth + 1) : null;
  const all = checks(schema);
  const named = values(schema);
  return h("div", { class: "field" },
    h("div", { class: "name" }, h("b", null, name), required ? h("span", { class: "need" }, "required") : null,
      h("span", { class: "type" }, typeName(schema))),
    h("div", { class: "what" }, prose(paragraphs(note ?? plain.description)[0]),
      all.length ? h("div", { class: "checks" }, all.map((text) => h("code", null, text))) : null,
      named.length ? h("ul", { class: "values" }, named.map(([value, meaning]) => h("li", null, h("code", null, value), " ", prose(meaning)))) : null),
    nested);
}

function fieldRows(schema, isSent, depth = 0) {
  const [plain] = nonNull(schema);
  const required = new Set(plain.required ?? []);
  const rows = Object.entries(plain.properties ?? {}).map(([name, part]) => fieldRow(name, part, isSent ? required.has(name) : null, depth));
  return rows.length ? h("div", { class: "fields" }, rows) : null;
}

const statusClass = (status) => `status s${String(status)[0]}`;

function answerBlock(status, answer) {
  const response = resolved(answer);
  const schema = content(response)?.schema;
  const line = [h("span", { class: statusClass(status) }, status), h("span", null, prose(response.description))];
  const headers = Object.entries(response.headers ?? {}).map(([name, header]) =>
    fieldRow(name, resolved(header).schema ?? {}, null, 0, resolved(header).description));
  const fields = schema ? fieldRows(schema, false) ?? h("p", { class: "what" }, typeName(schema)) : null;
  if (!fields && !headers.length) return h("div", { class: "answer flat" }, line);
  const shown = schema && resolved(schema).examples?.[0];
  return h("details", { class: "answer", open: fields !== null }, h("summary", null, line),
    h("div", null, fields,
      shown ? h("details", { class: "more" }, h("summary", null, "Example"), h("pre", { tabindex: 0, "aria-label": "Example of the answer" }, coloured(JSON.stringify(sample(shown))))) : null,
      headers.length ? h("details", { class: "more" }, h("summary", null, "Header"), h("div", { class: "fields" }, headers)) : null));
}

/** The problem that a code comes in, as its status shows it by example. */
function problemExample(op, { status, code }) {
  const shown = content(op.responses[status])?.example;
  if (!shown) return null;
  const words = code.toLowerCase().replaceAll("_", " ");
  const own = { type: `urn:hms:problem:${code}`, title: words[0].toUpperCase() + words.slice(1), detail: "What is wrong, in a sentence for people.", code };
  return JSON.stringify(shown.code === code ? shown : { ...shown, ...own, violations: [] });
}

function errorItem(op, error) {
  const name = [h("span", { class: statusClass(error.status) }, error.status), h("code", null, error.code)];
  const example = problemExample(op, error);
  if (!example) return h("li", null, name);
  return h("li", null, h("details", { class: "error" }, h("summary", null, name), h("pre", { tabindex: 0, "aria-label": `Example of ${error.code}` }, coloured(example))));
}

/** An operation's own errors in the order of the rules; what any operation can answer is folded away. */
function errorList(op) {
  const folded = [...op.general].sort((one, other) => one.status - other.status);
  return [
    op.errors.length ? h("ol", { class: "errors" }, op.errors.map((error) => errorItem(op, error))) : null,
    folded.length ? h("details", { class: "answer" }, h("summary", null, "Like every operation"), h("ul", { class: "errors" }, folded.map((error) => errorItem(op, error)))) : null,
  ];
}

function answers(op) {
  return h("div", { class: "answers" }, Object.entries(op.responses).filter(([status]) => status < "400" || !op.general.length)
    .map(([status, answer]) => answerBlock(status, answer)));
}

/** Header fields that every operation reads. */
const isEverywhere = ({ name }) => ["X-Correlation-ID", "traceparent", "X-Timeout-Ms"].includes(name);

function describe(op) {
  const parameters = op.parameters.filter((parameter) => parameter.in !== "header");
  const headers = op.parameters.filter((parameter) => parameter.in === "header" && !isEverywhere(parameter));
  const general = op.parameters.filter(isEverywhere);
  const row = (parameter) => fieldRow(parameter.name, parameter.schema ?? {}, parameter.required, 0, parameter.description);
  const section = (title, ...parts) => (parts.flat().some(Boolean) ? [h("h3", null, title), ...parts] : null);
  return h("div", { class: "told" },
    op.about.map((text) => h("p", null, prose(text))),
    h("div", { class: "chips" }, op.roles.map((role) => h("span", { class: "chip role" }, role)), op.notes.map((note) => h("span", { class: "chip" }, note))),
    parameters.length ? section("Parameters", h("div", { class: "fields" }, parameters.map(row))) : null,
    op.body ? section("Body", fieldRows(op.body, true) ?? h("p", null, typeName(op.body))) : null,
    headers.length + general.length ? section("Header", headers.length ? h("div", { class: "fields" }, headers.map(row)) : null,
      general.length ? h("details", { class: "answer" }, h("summary", null, "Like every operation"), h("div", null, h("div", { class: "fields" }, general.map(row)))) : null) : null,
    section("Answers", answers(op)),
    op.errors.length + op.general.length ? section("Errors, in the order in which they are checked", errorList(op)) : null);
}

/** A path that may be broken before each of its slashes. */
function pathParts(path) {
  return path.split(/(?=\/)/).map((part) => [h("wbr"), part.split(/(\{[^}]*\})/).map((text) => (text.startsWith("{") ? h("i", null, text) : text))]);
}

function card(op) {
  const details = h("details", { class: "op", id: op.id, "data-method": op.method },
    h("summary", null, h("span", { class: "verb" }, op.method), h("span", { class: "path" }, pathParts(op.path)), h("span", { class: "say" }, prose(op.summary))));
  details.addEventListener("toggle", () => {
    if (details.open && details.children.length === 1) details.append(h("div", { class: "inside" }, describe(op), tryIt(op)));
    follow(op.id, details.open);
  });
  return details;
}

/** The address names what was opened last, so that it can be sent to somebody and the way back leads back. */
function follow(id, isOpen) {
  const isNamed = location.hash === `#${id}`;
  if (isOpen !== isNamed) history.pushState(null, "", isOpen ? `#${id}` : location.pathname + location.search);
  markCurrent();
}

function markCurrent() {
  for (const link of $("nav").querySelectorAll("a")) {
    if (link.hash === location.hash && link.hash) link.setAttribute("aria-current", "location");
    else link.removeAttribute("aria-current");
  }
}

/** The description without what stands elsewhere on the card: the summary, and the roles. */
function aboutOf(op) {
  const [first, ...more] = paragraphs(op.description).filter((text) => !/^For [a-z, ]+\.$/.test(text));
  const summary = `${(op.summary ?? "").replace(/\.$/, "")}.`;
  const rest = first?.startsWith(summary) ? first.slice(summary.length).trim() : first;
  return [rest, ...more].filter(Boolean);
}

/** Operations as the page needs them, in the order of the description. */
function operations() {
  const found = [];
  for (const [path, item] of Object.entries(spec.paths ?? {})) {
    for (const method of methods.filter((name) => item[name])) {
      const op = item[method];
      const body = content(op.requestBody)?.schema;
      const roles = op["x-hms-roles"] ?? [];
      const parameters = [...(item.parameters ?? []), ...(op.parameters ?? [])].map(resolved);
      const answer = Object.entries(op.responses ?? {}).filter(([status]) => status < "400").map(([, response]) => content(response)?.schema);
      const errors = errorsOf(op["x-hms-errors"]);
      found.push({
        path, method, roles, parameters, body, errors, samples: op["x-codeSamples"] ?? [], id: op.operationId, general: generalErrors(op.responses),
        summary: op.summary ?? "", about: aboutOf(op), tag: op.tags?.[0] ?? "", responses: op.responses ?? {},
        notes: parameters.some((parameter) => parameter.name === "Idempotency-Key" && parameter.required) ? ["needs an Idempotency-Key"] : [],
        words: [method, path, op.operationId, op.summary, op.description, ...roles, ...errors.map(({ code }) => code),
          ...parameters.flatMap((parameter) => [parameter.name, ...namesIn(parameter.schema)]), ...namesIn(body), ...answer.flatMap((schema) => namesIn(schema))]
          .join(" ").toLowerCase(),
      });
    }
  }
  return found;
}

function draw() {
  const all = operations();
  const tags = [...new Set([...(spec.tags ?? []).map((tag) => tag.name), ...all.map((op) => op.tag)])];
  $("title").replaceChildren(spec.info.title, h("span", { class: "version" }, spec.info.version));
  document.title = spec.info.title;
  $("about").replaceWith(...paragraphs(spec.info.description).map((text, index) => h("p", { class: index ? "rule" : "lead" }, prose(text))));
  for (const tag of tags) {
    const mine = all.filter((op) => op.tag === tag);
    if (!mine.length) continue;
    const about = (spec.tags ?? []).find((entry) => entry.name === tag)?.description;
    const title = tag[0].toUpperCase() + tag.slice(1);
    const links = mine.map((op) => h("li", null, h("a", { href: `#${op.id}`, "data-method": op.method }, h("span", { class: "verb" }, op.method === "delete" ? "del" : op.method), h("span", null, prose(op.summary || op.path)))));
    const cards = mine.map(card);
    const navGroup = h("div", null, h("h2", null, title), h("ul", null, links));
    const section = h("section", { class: "resource", "aria-label": title }, h("h2", null, title), about ? h("p", null, prose(about)) : null, cards);
    mine.forEach((op, index) => Object.assign(op, { card: cards[index], link: links[index], groups: [navGroup, section] }));
    $("nav").append(navGroup);
    $("operations").append(section);
  }
  $("search").addEventListener("input", () => search(all));
  $("clear").addEventListener("click", () => { $("search").value = ""; search(all); $("search").focus(); });
  for (const name of ["popstate", "hashchange"]) addEventListener(name, openHash);
  openHash();
}

/** A word is looked for everywhere; an error that any operation can answer is found by its whole name. */
function search(all) {
  const words = $("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (op) => words.every((word) => op.words.includes(word) || op.general.some(({ code }) => code.toLowerCase() === word));
  for (const op of all) op.card.hidden = op.link.hidden = !fits(op);
  for (const op of all) for (const group of op.groups) group.hidden = all.every((other) => other.groups[0] !== op.groups[0] || other.card.hidden);
  $("nothing").hidden = all.some((op) => !op.card.hidden);
}

/** Opens what the address names. Where it names nothing, everything is closed. */
function openHash() {
  const target = location.hash.length > 1 && $(decodeURIComponent(location.hash.slice(1)));
  $("nav").classList.remove("open");
  $("menu").setAttribute("aria-expanded", "false");
  markCurrent();
  if (!location.hash) for (const card of $("operations").querySelectorAll("details.op[open]")) card.open = false;
  if (target?.tagName !== "DETAILS") return;
  if (target.hidden) { $("search").value = ""; $("search").dispatchEvent(new Event("input")); }
  target.open = true;
  target.scrollIntoView();
  target.querySelector("summary").focus({ preventScroll: true });
}
