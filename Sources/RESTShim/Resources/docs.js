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

/** Text with `code` in it. */
function prose(text) {
  return (text ?? "").split("`").map((part, index) => (index % 2 ? h("code", null, part) : part));
}

// What the description says -----------------------------------------------------------------------------------------

function resolved(schema) {
  let found = schema ?? {};
  for (let hops = 0; found.$ref && hops < 20; hops++) {
    const target = found.$ref.replace(/^#\//, "").split("/")
      .reduce((node, key) => node?.[key.replaceAll("~1", "/").replaceAll("~0", "~")], spec);
    const { $ref, ...beside } = found;
    found = { ...target, ...beside, title: target?.title ?? $ref.split("/").pop() };
  }
  return found;
}

/** The schema without its null alternative, and whether null is one. */
function nonNull(schema) {
  const whole = resolved(schema);
  for (const key of ["anyOf", "oneOf"]) {
    const rest = whole[key]?.filter((option) => option.type !== "null");
    if (rest && rest.length < whole[key].length && rest.length === 1) {
      const { [key]: dropped, ...beside } = whole;
      return [{ ...resolved(rest[0]), ...beside }, true];
    }
  }
  if (Array.isArray(whole.type)) {
    const types = whole.type.filter((type) => type !== "null");
    return [{ ...whole, type: types.length === 1 ? types[0] : types }, types.length < whole.type.length];
  }
  return [whole, false];
}

function typeName(schema) {
  const [plain, nullable] = nonNull(schema);
  let name = plain.enum ? "one of" : Array.isArray(plain.type) ? plain.type.join(" or ") : plain.type ?? "any";
  if (plain.type === "array") name = `list of ${typeName(plain.items)}`;
  else if (plain.type === "object" && plain.title) name = plain.title.split(".").pop();
  if (plain.format) name += ` · ${plain.format}`;
  return nullable ? `${name}, or null` : name;
}

function checks(schema) {
  const [plain] = nonNull(schema);
  const own = plain.type === "array" ? { ...nonNull(plain.items ?? {})[0], ...plain, enum: resolved(plain.items).enum } : plain;
  const found = [];
  const span = (low, high, unit) => {
    if (low !== undefined && high !== undefined) found.push(low === high ? `${low} ${unit}` : `${low} – ${high} ${unit}`);
    else if (low !== undefined) found.push(`at least ${low} ${unit}`);
    else if (high !== undefined) found.push(`at most ${high} ${unit}`);
  };
  span(own.minLength, own.maxLength, "characters");
  span(own.minimum, own.maximum, "");
  span(own.minItems, own.maxItems, "items");
  if (own.pattern) found.push(own.pattern);
  if (own.default !== undefined) found.push(`default ${JSON.stringify(own.default)}`);
  for (const value of own.enum ?? []) if (value !== null) found.push(String(value));
  return found.map((text) => text.trim());
}

const samples = {
  name: "Asha Rao", email: "asha.rao@example.org", phone: "+91 98450 12345", dob: "1987-04-12", department: "Cardiology",
  specialization: "Interventional cardiology", reason: "Asked for by phone", allergies: "Penicillin", start: "09:00", end: "13:00",
};

/** A value that fits a schema, for people to change. */
function example(schema, name = "", depth = 0) {
  const [plain] = nonNull(schema);
  const given = plain.example ?? plain.examples?.[0] ?? plain.default ?? plain.const;
  if (given !== undefined && given !== null) return given;
  if (plain.enum) return plain.enum.find((value) => value !== null && !String(value).endsWith("UNSPECIFIED"));
  switch (plain.type) {
    case "object": {
      if (depth > 4) return {};
      return Object.fromEntries(Object.entries(plain.properties ?? {}).map(([key, value]) => [key, example(value, key, depth + 1)]));
    }
    case "array": return depth > 4 ? [] : [example(plain.items ?? {}, name, depth + 1)];
    case "integer": case "number": return name.includes("fee") || name === "amount" ? 50000 : plain.minimum ?? 1;
    case "boolean": return false;
    default: return sampleText(plain, name);
  }
}

function sampleText(schema, name) {
  if (schema.format === "date-time") return new Date(Math.ceil(Date.now() / 18e5) * 18e5 + 864e5).toISOString().replace(".000", "");
  if (schema.format === "date" && !samples[name]) return new Date(Date.now() + 864e5).toISOString().slice(0, 10);
  return samples[name] ?? (name.endsWith("_id") ? `${name.slice(0, 3)}_…` : "text");
}

// The page ----------------------------------------------------------------------------------------------------------

function fieldRow(name, schema, required, depth, note) {
  const [plain] = nonNull(schema);
  const inner = plain.type === "array" ? nonNull(plain.items ?? {})[0] : plain;
  const nested = inner.properties && depth < 4 ? fieldRows(inner, depth + 1) : null;
  const all = checks(schema);
  return h("div", { class: "field" },
    h("div", { class: "name" }, h("b", null, name), required ? h("span", { class: "need" }, "required") : null,
      h("span", { class: "type" }, typeName(schema))),
    h("div", { class: "what" }, prose(note ?? plain.description),
      all.length ? h("div", { class: "checks" }, all.map((text) => h("code", null, text))) : null),
    nested);
}

function fieldRows(schema, depth = 0) {
  const [plain] = nonNull(schema);
  const required = new Set(plain.required ?? []);
  const rows = Object.entries(plain.properties ?? {}).map(([name, part]) => fieldRow(name, part, required.has(name), depth));
  return rows.length ? h("div", { class: "fields" }, rows) : null;
}

const content = (holder) => Object.entries(resolved(holder)?.content ?? {})[0]?.[1];
const statusClass = (status) => `status s${String(status)[0]}`;

function answerBlock(status, answer) {
  const response = resolved(answer);
  const schema = content(response)?.schema;
  const isProblem = Object.keys(response.content ?? {})[0] === "application/problem+json";
  const codes = response["x-codes"] ?? response["x-hms-codes"] ?? [];
  const line = [h("span", { class: statusClass(status) }, status), h("span", null, prose(response.description)),
    codes.length ? h("span", { class: "codes" }, codes.map((code) => h("code", null, code))) : null];
  const headers = Object.entries(response.headers ?? {}).map(([name, header]) =>
    fieldRow(name, resolved(header).schema ?? {}, false, 0, resolved(header).description));
  const fields = schema && !isProblem ? fieldRows(schema) ?? h("p", { class: "what" }, typeName(schema)) : null;
  if (!fields && !headers.length) return h("div", { class: "answer flat" }, line);
  return h("details", { class: "answer", open: String(status)[0] === "2" }, h("summary", null, line),
    h("div", null, fields, !isProblem && headers.length ? [h("h3", null, "Header"), h("div", { class: "fields" }, headers)] : null));
}

function describe(op) {
  const parameters = op.parameters.filter((parameter) => parameter.in !== "header");
  const headers = op.parameters.filter((parameter) => parameter.in === "header");
  const row = (parameter) => fieldRow(parameter.name, parameter.schema ?? {}, parameter.required, 0, parameter.description);
  const section = (title, ...parts) => (parts.flat().some(Boolean) ? [h("h3", null, title), ...parts] : null);
  return h("div", { class: "told" },
    op.description ? h("p", null, prose(op.description)) : null,
    h("div", { class: "chips" }, op.roles.map((role) => h("span", { class: "chip role" }, role)), op.notes.map((note) => h("span", { class: "chip" }, note))),
    parameters.length ? section("Parameters", h("div", { class: "fields" }, parameters.map(row))) : null,
    headers.length ? section("Header", h("div", { class: "fields" }, headers.map(row))) : null,
    op.body ? section("Body", fieldRows(op.body) ?? h("p", null, typeName(op.body))) : null,
    section("Answers", h("div", { class: "answers" }, Object.entries(op.responses).map(([status, answer]) => answerBlock(status, answer)))));
}

function pathParts(path) {
  return path.split(/(\{[^}]*\})/).map((part) => (part.startsWith("{") ? h("i", null, part) : part));
}

function card(op) {
  const details = h("details", { class: "op", id: op.id, "data-method": op.method },
    h("summary", null, h("span", { class: "verb" }, op.method), h("span", { class: "path" }, pathParts(op.path)), h("span", { class: "say" }, op.summary)));
  details.addEventListener("toggle", () => {
    if (details.open && details.children.length === 1) details.append(h("div", { class: "inside" }, describe(op), tryIt(op)));
    for (const link of $("nav").querySelectorAll("a")) {
      if (link.hash === `#${op.id}`) link.toggleAttribute("aria-current", details.open);
    }
  });
  return details;
}

/** Operations as the page needs them, in the order of the description. */
function operations() {
  const found = [];
  for (const [path, item] of Object.entries(spec.paths ?? {})) {
    for (const method of methods.filter((name) => item[name])) {
      const op = item[method];
      const bodyContent = content(op.requestBody);
      const roles = op["x-roles"] ?? op["x-hms-roles"] ?? [];
      const key = op["x-idempotency"] ?? op["x-hms-idempotency"];
      const own = op["x-own"] ?? op["x-hms-own"];
      found.push({
        path, method, roles: roles.map((role) => String(role).toLowerCase()), id: op.operationId ?? `${method}${path}`.replace(/\W+/g, "-"),
        summary: op.summary ?? "", description: op.description ?? "", tag: op.tags?.[0] ?? path.split("/")[2] ?? path.split("/")[1],
        parameters: [...(item.parameters ?? []), ...(op.parameters ?? [])].map(resolved), responses: op.responses ?? {},
        body: bodyContent?.schema, bodyExample: bodyContent?.example,
        notes: [own ? "doctors: their own only" : null, key === "key_required" || key === "KEY_REQUIRED" ? "needs an Idempotency-Key" : null].filter(Boolean),
        words: [method, path, op.summary, op.description, JSON.stringify(bodyContent?.schema ? resolved(bodyContent.schema) : ""), roles.join(" ")].join(" ").toLowerCase(),
      });
    }
  }
  return found;
}

function draw() {
  const all = operations();
  const tags = [...new Set([...(spec.tags ?? []).map((tag) => tag.name), ...all.map((op) => op.tag)])];
  $("title").replaceChildren(spec.info.title, h("span", { class: "version" }, spec.info.version));
  document.title = $("brand").textContent = spec.info.title;
  $("about").replaceChildren(...prose((spec.info.description ?? "").split("\n\n")[0]));
  $("about").removeAttribute("aria-busy");
  for (const tag of tags) {
    const mine = all.filter((op) => op.tag === tag);
    if (!mine.length) continue;
    const about = (spec.tags ?? []).find((entry) => entry.name === tag)?.description;
    const title = tag[0].toUpperCase() + tag.slice(1);
    const links = mine.map((op) => h("li", null, h("a", { href: `#${op.id}`, "data-method": op.method }, h("span", { class: "verb" }, op.method === "delete" ? "del" : op.method), op.summary || op.path)));
    const cards = mine.map(card);
    const navGroup = h("div", null, h("h2", null, title), h("ul", null, links));
    const section = h("section", { class: "resource", "aria-label": title }, h("h2", null, title), about ? h("p", null, prose(about)) : null, cards);
    mine.forEach((op, index) => Object.assign(op, { card: cards[index], link: links[index], groups: [navGroup, section] }));
    $("nav").append(navGroup);
    $("operations").append(section);
  }
  $("search").addEventListener("input", () => search(all));
  $("clear").addEventListener("click", () => { $("search").value = ""; search(all); $("search").focus(); });
  addEventListener("hashchange", openHash);
  openHash();
}

function search(all) {
  const words = $("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const op of all) op.card.hidden = op.link.hidden = !words.every((word) => op.words.includes(word));
  for (const op of all) for (const group of op.groups) group.hidden = all.every((other) => other.groups[0] !== op.groups[0] || other.card.hidden);
  $("nothing").hidden = all.some((op) => !op.card.hidden);
}

function openHash() {
  const target = location.hash.length > 1 && $(decodeURIComponent(location.hash.slice(1)));
  $("nav").classList.remove("open");
  $("menu").setAttribute("aria-expanded", "false");
  if (target?.tagName !== "DETAILS") return;
  target.open = true;
  target.scrollIntoView();
  target.querySelector("summary").focus({ preventScroll: true });
}
