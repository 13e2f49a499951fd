/// C names of what a contract names.
enum CName {
    /// The struct member of a field: its own name, clear of keywords, of predefined macros and of `base`.
    static func member(_ name: String) -> String {
        reserved.contains(name) ? name + "_" : name
    }

    private static let reserved: Set<String> = [
        "base", "linux", "unix", "i386", "errno", "NULL", "bool", "true", "false", "self", "init", "Type", "Protocol",
        "auto", "break", "case", "char", "const", "continue", "default", "do", "double", "else", "enum", "extern", "float", "for",
        "goto", "if", "inline", "int", "long", "register", "restrict", "return", "short", "signed", "sizeof", "static", "struct",
        "switch", "typedef", "union", "unsigned", "void", "volatile", "while", "asm", "typeof",
    ]
}
