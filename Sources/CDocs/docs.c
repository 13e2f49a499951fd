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

static const char sign_in_html_text[] = {
#embed "Page/sign-in.html"
};
static const char sign_in_css_text[] = {
#embed "Page/sign-in.css"
};
static const char ops_html_text[] = {
#embed "Page/ops.html"
};
static const char ops_css_text[] = {
#embed "Page/ops.css"
};
static const char ops_js_text[] = {
#embed "Page/ops.js"
};

struct docs_text docs_html(void) { return (struct docs_text){html, sizeof html}; }
struct docs_text docs_css(void) { return (struct docs_text){css, sizeof css}; }
struct docs_text docs_js(void) { return (struct docs_text){js, sizeof js}; }
struct docs_text docs_schema_js(void) { return (struct docs_text){schema_js, sizeof schema_js}; }
struct docs_text docs_samples_js(void) { return (struct docs_text){samples_js, sizeof samples_js}; }
struct docs_text docs_try_js(void) { return (struct docs_text){try_js, sizeof try_js}; }
struct docs_text ops_html(void) { return (struct docs_text){ops_html_text, sizeof ops_html_text}; }
struct docs_text ops_css(void) { return (struct docs_text){ops_css_text, sizeof ops_css_text}; }
struct docs_text ops_js(void) { return (struct docs_text){ops_js_text, sizeof ops_js_text}; }
struct docs_text sign_in_html(void) { return (struct docs_text){sign_in_html_text, sizeof sign_in_html_text}; }
struct docs_text sign_in_css(void) { return (struct docs_text){sign_in_css_text, sizeof sign_in_css_text}; }
