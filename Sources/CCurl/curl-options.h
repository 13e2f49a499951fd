#pragma once
#include <curl/curl.h>
#include <dlfcn.h>
#include <stdbool.h>

// libcurl is opened by whoever sends mail, when it first does, and not linked: it and what it brings would be loaded into every
// process of the hospital. Swift can neither see every macro nor call functions of variable arguments: one function for each need.
typedef struct {
    CURLcode (*global_init)(long flags);
    CURL *(*easy_init)(void);
    void (*easy_cleanup)(CURL *handle);
    CURLcode (*easy_setopt)(CURL *handle, CURLoption option, ...);
    CURLcode (*easy_perform)(CURL *handle);
    CURLcode (*easy_getinfo)(CURL *handle, CURLINFO info, ...);
    const char *(*easy_strerror)(CURLcode code);
    struct curl_slist *(*slist_append)(struct curl_slist *list, const char *text);
    void (*slist_free_all)(struct curl_slist *list);
} curl_library;

// The names under which a system may have it; NULL ends them.
#if defined(__APPLE__)
#define CURL_LIBRARY_NAMES "libcurl.4.dylib", NULL
#else
#define CURL_LIBRARY_NAMES "libcurl.so.4", "libcurl-gnutls.so.4", NULL
#endif

static inline bool curl_find(void *opened, const char *name, void *function) {
    *(void **)function = dlsym(opened, name);
    return *(void **)function != NULL;
}

// Opens the library and prepares it; false where the system has none. It stays open.
static inline bool curl_open(curl_library *curl) {
    const char *names[] = {CURL_LIBRARY_NAMES};
    void *opened = NULL;
    for (const char **name = names; opened == NULL && *name != NULL; name++) opened = dlopen(*name, RTLD_NOW | RTLD_LOCAL);
    return opened != NULL && curl_find(opened, "curl_global_init", &curl->global_init)
        && curl_find(opened, "curl_easy_init", &curl->easy_init) && curl_find(opened, "curl_easy_cleanup", &curl->easy_cleanup)
        && curl_find(opened, "curl_easy_setopt", &curl->easy_setopt) && curl_find(opened, "curl_easy_perform", &curl->easy_perform)
        && curl_find(opened, "curl_easy_getinfo", &curl->easy_getinfo)
        && curl_find(opened, "curl_easy_strerror", &curl->easy_strerror)
        && curl_find(opened, "curl_slist_append", &curl->slist_append)
        && curl_find(opened, "curl_slist_free_all", &curl->slist_free_all)
        && curl->global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

static inline CURLcode curl_set_text(curl_library curl, CURL *handle, CURLoption option, const char *value) {
    return curl.easy_setopt(handle, option, value);
}
static inline CURLcode curl_set_number(curl_library curl, CURL *handle, CURLoption option, long value) {
    return curl.easy_setopt(handle, option, value);
}
static inline CURLcode curl_set_pointer(curl_library curl, CURL *handle, CURLoption option, void *value) {
    return curl.easy_setopt(handle, option, value);
}
static inline CURLcode curl_set_list(curl_library curl, CURL *handle, CURLoption option, struct curl_slist *value) {
    return curl.easy_setopt(handle, option, value);
}
static inline CURLcode curl_set_reader(curl_library curl, CURL *handle, size_t (*reader)(char *, size_t, size_t, void *)) {
    return curl.easy_setopt(handle, CURLOPT_READFUNCTION, reader);
}
static inline CURLcode curl_set_progress(
    curl_library curl, CURL *handle, int (*progress)(void *, curl_off_t, curl_off_t, curl_off_t, curl_off_t)) {
    return curl.easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, progress);
}
static inline CURLcode curl_response_code(curl_library curl, CURL *handle, long *code) {
    return curl.easy_getinfo(handle, CURLINFO_RESPONSE_CODE, code);
}
