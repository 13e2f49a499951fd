// Samples -----------------------------------------------------------------------------------------------------------

/** Ids that answers have brought since the page was opened, by the name of their field: a sample names what is there. */
const known = new Map();

/** What fills the forms that nobody has touched yet, once more. */
const refills = [];

function learnFrom(text) {
  learn(JSON.parse(text));
  for (const refill of refills) refill();
}

function learn(value) {
  if (Array.isArray(value)) value.slice(0, 1).forEach(learn);
  else if (value && typeof value === "object") {
    for (const [name, inner] of Object.entries(value)) {
      if (name.endsWith("_id") && typeof inner === "string" && inner) known.set(name, inner);
      else learn(inner);
    }
  }
}

const day = 86400000;

/** The examples of the description begin on this Monday; here they begin on the next one. */
const exampleMonday = Date.UTC(2030, 0, 7);

function nextMonday(now = new Date()) {
  const today = Date.UTC(now.getFullYear(), now.getMonth(), now.getDate());
  return today + (((8 - new Date(today).getUTCDay()) % 7) || 7) * day;
}

/** A date or time of an example, moved to these days; what lies long ago, as a date of birth, stays. */
function nearToday(text) {
  if (!/^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2})?)?$/.test(text) || text < "2029") return text;
  const moved = new Date(Date.parse(`${text.slice(0, 10)}T00:00:00Z`) + nextMonday() - exampleMonday);
  return moved.toISOString().slice(0, 10) + text.slice(10);
}

/** An example for people to change: with these days, and with ids that are known here. */
function sample(value, name = "") {
  if (Array.isArray(value)) return value.map((element) => sample(element, name));
  if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, sample(inner, key)]));
  if (typeof value !== "string") return value;
  return known.get(name) ?? nearToday(value);
}

const bodySample = (schema) => sample(resolved(schema).examples?.[0] ?? {});

/** What stands in a parameter's field at first: the description has examples of what must be there, and of a little more. */
function parameterSample(parameter) {
  if (parameter.name === "Idempotency-Key") return parameter.required ? freshKey() : "";
  if (parameter.in === "header") return "";
  if (parameter.in === "path") return known.get(parameter.name) ?? "";
  const first = parameter.required ? nonNull(parameter.schema ?? {})[0].enum?.[0] : undefined;
  const value = parameter.example ?? first;
  return value === undefined ? "" : String(sample(value, parameter.name));
}

function freshKey() {
  const bytes = [...crypto.getRandomValues(new Uint8Array(16))];
  return bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
