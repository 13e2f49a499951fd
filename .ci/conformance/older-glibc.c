// What glibc 2.38 and libstdc++ 13 have and their elders don't, for a program that was linked against the newer ones.
// Preloaded beside a copy that older-glibc.py has made; see there.

extern long strtol(const char *, char **, int);
extern unsigned long strtoul(const char *, char **, int);
extern long long strtoll(const char *, char **, int);
extern unsigned long long strtoull(const char *, char **, int);

// C23's only difference is that these read 0b101 too.
long __isoc23_strtol(const char *text, char **end, int base) { return strtol(text, end, base); }
unsigned long __isoc23_strtoul(const char *text, char **end, int base) { return strtoul(text, end, base); }
long long __isoc23_strtoll(const char *text, char **end, int base) { return strtoll(text, end, base); }
unsigned long long __isoc23_strtoull(const char *text, char **end, int base) { return strtoull(text, end, base); }

// The newer library opens std::cout and its like itself; the older one does it for whoever holds a std::ios_base::Init.
extern void _ZNSt8ios_base4InitC1Ev(void *);

__attribute__((constructor)) static void open_standard_streams(void)
{
    static char init[16];
    _ZNSt8ios_base4InitC1Ev(init);
}

void _ZSt21ios_base_library_initv(void) {}
