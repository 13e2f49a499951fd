#pragma once
#include <stddef.h>

// The page to read and try the API, piece by piece: text in UTF-8, which the compiler takes from the files beside as it stands.
struct docs_text {
    const char *bytes;
    size_t count;
};

struct docs_text docs_html(void);
struct docs_text docs_css(void);
struct docs_text docs_js(void);
struct docs_text docs_schema_js(void);
struct docs_text docs_samples_js(void);
struct docs_text docs_try_js(void);

// The page for operators.
struct docs_text ops_html(void);
struct docs_text ops_css(void);
struct docs_text ops_js(void);

// The page to sign in at.
struct docs_text sign_in_html(void);
struct docs_text sign_in_css(void);
