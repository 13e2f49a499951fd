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
  const saysMore = own.minLength > 1 || !(own.pattern || own.format);
  span(saysMore || own.maxLength ? own.minLength : undefined, own.maxLength, "characters");
  span(own.minimum, own.maximum, "");
  span(own.minItems, own.maxItems, "items");
  if (own.pattern) found.push(patternInWords(own.pattern));
  if (own.default !== undefined) found.push(`default ${JSON.stringify(own.default)}`);
  for (const value of own.enum ?? []) if (value !== null) found.push(String(value));
  return found.map((text) => text.trim());
}

/** The two shapes that every contract uses are said in words; others speak for themselves. */
function patternInWords(pattern) {
  if (pattern.includes("\\u0000-\\u001F")) return "one line of text";
  const id = pattern.match(/^\^([a-z]+)_\[0-9A-Za-z\]\+\$$/);
  return id ? `${id[1]}_…` : pattern;
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

/** `required`: a caller has to send it; said of requests only, for answers hold every field. */
function fieldRow(name, schema, required, depth, note) {
  const [plain] = nonNull(schema);
  const inner = plain.type === "array" ? nonNull(plain.items ?? {})[0] : plain;
  const nested = inner.properties && depth < 4 ? fieldRows(inner, required !== null, depth + 1) : null;
  const all = checks(schema);
  return h("div", { class: "field" },
    h("div", { class: "name" }, h("b", null, name), required ? h("span", { class: "need" }, "required") : null,
      h("span", { class: "type" }, typeName(schema))),
    h("div", { class: "what" }, prose(note ?? plain.description),
      all.length ? h("div", { class: "checks" }, all.map((text) => h("code", null, text))) : null),
    nested);
}

function fieldRows(schema, isSent, depth = 0) {
  const [plain] = nonNull(schema);
  const required = new Set(plain.required ?? []);
  const rows = Object.entries(plain.properties ?? {}).map(([name, part]) => fieldRow(name, part, isSent ? required.has(name) : null, depth));
  return rows.length ? h("div", { class: "fields" }, rows) : null;
}

const content = (holder) => Object.values(resolved(holder)?.content ?? {})[0];
const statusClass = (status) => `status s${String(status)[0]}`;

/** The stable codes that a problem's schema lists. */
function codesOf(schema) {
  const code = nonNull(schema ?? {})[0].properties?.code;
  return code?.enum ?? (code?.const ? [code.const] : []);
}

function answerBlock(status, answer) {
  const response = resolved(answer);
  const schema = content(response)?.schema;
  const isProblem = Object.keys(response.content ?? {})[0] === "application/problem+json";
  const codes = isProblem ? codesOf(schema) : [];
  const said = codes.length ? response.description.replace(/: `.*$/, "") : response.description;
  const line = [h("span", { class: statusClass(status) }, status), h("span", null, prose(said)),
    codes.length ? h("span", { class: "codes" }, codes.map((code) => h("code", null, code))) : null];
  if (isProblem) return h("div", { class: "answer flat" }, line);
  const headers = Object.entries(response.headers ?? {}).map(([name, header]) =>
    fieldRow(name, resolved(header).schema ?? {}, null, 0, resolved(header).description));
  const fields = schema ? fieldRows(schema, false) ?? h("p", { class: "what" }, typeName(schema)) : null;
  if (!fields && !headers.length) return h("div", { class: "answer flat" }, line);
  return h("details", { class: "answer", open: fields !== null }, h("summary", null, line),
    h("div", null, fields, headers.length ? [h("h3", null, "Header"), h("div", { class: "fields" }, headers)] : null));
}

/** What is this operation's own comes first; what any operation can answer is folded away. */
function answers(op) {
  const all = Object.entries(op.responses);
  const shared = all.filter(([, answer]) => answer.$ref);
  const block = ([status, answer]) => answerBlock(status, answer);
  return h("div", { class: "answers" }, all.filter(([, answer]) => !answer.$ref).map(block),
    shared.length ? h("details", { class: "answer" }, h("summary", null, "Like every operation ",
      h("span", { class: "codes" }, shared.map(([status]) => h("span", { class: statusClass(status) }, status)))), h("div", { class: "answers" }, shared.map(block))) : null);
}

function describe(op) {
  const parameters = op.parameters.filter((parameter) => parameter.in !== "header");
  const headers = op.parameters.filter((parameter) => parameter.in === "header");
  const row = (parameter) => fieldRow(parameter.name, parameter.schema ?? {}, parameter.required, 0, parameter.description);
  const section = (title, ...parts) => (parts.flat().some(Boolean) ? [h("h3", null, title), ...parts] : null);
  return h("div", { class: "told" },
    op.about.map((text) => h("p", null, prose(text))),
    h("div", { class: "chips" }, op.roles.map((role) => h("span", { class: "chip role" }, role)), op.notes.map((note) => h("span", { class: "chip" }, note))),
    parameters.length ? section("Parameters", h("div", { class: "fields" }, parameters.map(row))) : null,
    op.body ? section("Body", fieldRows(op.body, true) ?? h("p", null, typeName(op.body))) : null,
    headers.length ? section("Header", h("div", { class: "fields" }, headers.map(row))) : null,
    section("Answers", answers(op)));
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
      const bodyContent = content(op.requestBody);
      const roles = op["x-hms-roles"] ?? [];
      const needsKey = (op.parameters ?? []).map(resolved).some((parameter) => parameter.name === "Idempotency-Key" && parameter.required);
      found.push({
        path, method, roles, id: op.operationId ?? `${method}${path}`.replace(/\W+/g, "-"),
        summary: op.summary ?? "", about: aboutOf(op), tag: op.tags?.[0] ?? path.split("/")[2] ?? path.split("/")[1],
        parameters: [...(item.parameters ?? []), ...(op.parameters ?? [])].map(resolved), responses: op.responses ?? {},
        body: bodyContent?.schema, bodyExample: bodyContent?.example,
        notes: needsKey ? ["needs an Idempotency-Key"] : [],
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
  $("about").replaceWith(...paragraphs(spec.info.description).map((text, index) => h("p", { class: index ? "rule" : "lead" }, prose(text))));
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
