// What the description says -----------------------------------------------------------------------------------------

function resolved(schema) {
  let found = schema ?? {};
  for (let hops = 0; found.$ref && hops < 20; hops++) {
    const target = found.$ref.replace(/^#\//, "").split("/")
      .reduce((node, key) => node?.[key.replaceAll("~1", "/").replaceAll("~0", "~")], spec);
    const { $ref, ...beside } = found;
    found = { ...target, ...beside, title: target?.title ?? $ref.split("/").pop(), general: target?.description };
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

/** What a value must be like, in words; the values of an enum stand elsewhere. */
function checks(schema) {
  const [plain] = nonNull(schema);
  const own = plain.type === "array" ? { ...nonNull(plain.items ?? {})[0], ...plain } : plain;
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
  if (own.const !== undefined) found.push(String(own.const));
  return found.map((text) => text.trim());
}

/** The two shapes that every contract uses are said in words; others speak for themselves. */
function patternInWords(pattern) {
  if (pattern.includes("\\u0000-\\u001F")) return "one line of text";
  const id = pattern.match(/^\^([a-z]+)_\[0-9A-Za-z\]/);
  return id ? `${id[1]}_…` : pattern;
}

/** The values of an enum, each with what it means; the meaning stands in the enum's own description. */
function values(schema) {
  const [plain] = nonNull(schema);
  const own = plain.type === "array" ? nonNull(plain.items ?? {})[0] : plain;
  const meanings = new Map(paragraphs(own.general ?? own.description).map((text) => text.match(/^`([^`]+)`: (.*)$/s)).filter(Boolean)
    .map(([, name, meaning]) => [name, meaning]));
  return (own.enum ?? []).filter((value) => value !== null).map((value) => [String(value), meanings.get(String(value)) ?? ""]);
}

const content = (holder) => Object.values(resolved(holder)?.content ?? {})[0];

/** The errors of an operation in the order in which they are checked: `{ status, code }`. */
const errorsOf = (list) => (list ?? []).map((text) => { const [status, code] = text.split(" "); return { status, code }; });

/** What any operation may answer that is made like this one. */
function generalErrors(responses) {
  return Object.values(responses ?? {}).flatMap((response) => errorsOf(resolved(response)["x-hms-errors"]));
}

/** Every name in a schema, of fields and of values, as deep as it goes. */
function namesIn(schema, seen = new Set()) {
  const [plain] = nonNull(schema ?? {});
  if (plain.title) { if (seen.has(plain.title)) return []; seen.add(plain.title); }
  const inner = [...Object.values(plain.properties ?? {}), ...(plain.items ? [plain.items] : [])];
  return [...Object.keys(plain.properties ?? {}), ...(plain.enum ?? []), ...inner.flatMap((part) => namesIn(part, seen))];
}
