#include "CDocs.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const char html[] = {
#embed "Page/docs.html"
};
static const char css[] = {
#embed "Page/docs.css"
};
static const char js[] = {
#embed "Page/docs.js"
};
static const char schema_js[] = {
#embed "Page/docs-schema.js"
};
static const char samples_js[] = {
#embed "Page/docs-samples.js"
};
static const char try_js[] = {
#embed "Page/docs-try.js"
};

struct docs_text docs_html(void) { return (struct docs_text){html, sizeof html}; }
struct docs_text docs_css(void) { return (struct docs_text){css, sizeof css}; }
struct docs_text docs_js(void) { return (struct docs_text){js, sizeof js}; }
struct docs_text docs_schema_js(void) { return (struct docs_text){schema_js, sizeof schema_js}; }
struct docs_text docs_samples_js(void) { return (struct docs_text){samples_js, sizeof samples_js}; }
struct docs_text docs_try_js(void) { return (struct docs_text){try_js, sizeof try_js}; }
