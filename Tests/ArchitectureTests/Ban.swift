/// Something that code of some rooms must not say.
enum Ban {
    /// A clock, a source of ids or chance, concurrency, a log, and whatever else comes from outside: what no rule knows.
    static let outsideWorld = [
        "async", "await", "Task", "Date()", "Date.now", ".now", ".now()", "UUID()", "Logger", "print(", "ContinuousClock",
        "SuspendingClock", "NSDate", "Calendar.current", "Locale.current", "TimeZone.current",
        "clock_gettime(", "time(", "DispatchTime", "ProcessInfo", "FileManager", "random(", "SystemRandomNumberGenerator", "getenv(",
    ]

    /// The lines that say the word on its own.
    static func lines(saying word: String, in file: SourceFile) -> [String] {
        file.code.filter { word.hasPrefix(".") ? $0.containsMember(word) : $0.containsWord(word) }
    }

    /// The lines that touch memory by its address. A continuation that nobody checks is none.
    static func linesTouchingMemory(in file: SourceFile) -> [String] {
        let words = [
            "withUnsafe", "WithUnsafe", "UnsafePointer", "UnsafeMutable", "UnsafeRaw", "UnsafeBuffer", "Unmanaged",
            "unsafeBitCast", "unsafeDowncast", "unsafeUninitializedCapacity", "withMemoryRebound", "assumingMemoryBound",
        ]
        return file.code.filter { line in words.contains { line.replacing("UnsafeContinuation", with: "").contains($0) } }
    }

    /// The lines that hold SQL: a statement in capitals anywhere in them, or in any letters where a text begins with it.
    static func linesOfSQL(in file: SourceFile) -> [String] {
        let statement =
            #"(SELECT\s|INSERT\s+(OR\s+\w+\s+)?INTO\s|REPLACE\s+INTO\s|UPDATE\s+\w+(\s+SET\s|\s*$)|DELETE\s+FROM\s|"#
            + #"(CREATE|DROP|ALTER)\s+(UNIQUE\s+|TEMP\s+)?(TABLE|INDEX|TRIGGER|VIEW)\s|PRAGMA\s|VACUUM(\s|"))"#
        guard let capitals = try? Regex(#"(^|[\s"(])"# + statement), let quoted = try? Regex(#"""# + statement).ignoresCase() else {
            return []
        }
        return file.code.filter { line in
            line.firstMatch(of: capitals) != nil || line.firstMatch(of: quoted) != nil
        }
    }
}

extension String {
    /// Whether the line names the member, of whatever it is: `.now()` in `Instant.now()`, and `.now` without a longer name.
    fileprivate func containsMember(_ member: String) -> Bool {
        containsWord(member, after: { _ in true })
    }
}
