#pragma once
#include <dlfcn.h>
#if __has_include(<postgresql/libpq-fe.h>)
#include <postgresql/libpq-fe.h>
#else
#include <libpq-fe.h>
#endif
#include <stdbool.h>

// libpq is opened by the first connection to PostgreSQL, and not linked: it brings the libraries of TLS, Kerberos and LDAP, which
// a hospital on SQLite need not carry in every process. Every function that is used, by its name without the prefix PQ.
#define LIBPQ_FUNCTIONS(F) \
    F(connectdbParams) F(finish) F(status) F(errorMessage) F(serverVersion) F(parameterStatus) F(transactionStatus) \
    F(setNoticeReceiver) F(setErrorContextVisibility) F(getCancel) F(freeCancel) F(cancel) F(socket) \
    F(exec) F(enterPipelineMode) F(exitPipelineMode) F(pipelineSync) F(flush) F(consumeInput) F(notifies) F(freemem) \
    F(sendPrepare) F(sendDescribePrepared) F(sendQueryPrepared) F(getResult) F(clear) \
    F(resultStatus) F(resultErrorField) F(cmdTuples) F(cmdStatus) F(ntuples) F(nfields) F(fname) F(ftype) F(nparams) F(paramtype) \
    F(getvalue) F(getlength) F(getisnull)

#define LIBPQ_MEMBER(name) __typeof__(&PQ##name) name;
typedef struct {
    LIBPQ_FUNCTIONS(LIBPQ_MEMBER)
} libpq_library;
#undef LIBPQ_MEMBER

// The names under which a system may have it; NULL ends them.
#if defined(__APPLE__)
#define LIBPQ_NAMES "libpq.5.dylib", NULL
#else
#define LIBPQ_NAMES "libpq.so.5", NULL
#endif

static inline bool libpq_find(void *opened, const char *name, void *function) {
    *(void **)function = dlsym(opened, name);
    return *(void **)function != NULL;
}

// Opens the library; false where the system has none, or one without pipelines (before 14). It stays open.
static inline bool libpq_open(libpq_library *pq) {
    const char *names[] = {LIBPQ_NAMES};
    void *opened = NULL;
    for (const char **name = names; opened == NULL && *name != NULL; name++) opened = dlopen(*name, RTLD_NOW | RTLD_LOCAL);
#define LIBPQ_FIND(name) && libpq_find(opened, "PQ" #name, &pq->name)
    return opened != NULL LIBPQ_FUNCTIONS(LIBPQ_FIND);
#undef LIBPQ_FIND
}
