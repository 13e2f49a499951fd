import Testing

/// How the code must read, as far as a machine can tell.
@Suite struct TidyTests {
    let tree = SourceTree.ofThisPackage

    @Test(arguments: ["Sources", "Tests"])
    func `no file is longer than 400 lines`(folder: String) {
        for file in tree.files(in: folder) {
            #expect(file.lines.count <= 401, "\(file.path) has \(file.lines.count) lines")
        }
    }

    @Test(arguments: ["try!", "fatalError(", "as!", "precondition(", "preconditionFailure("])
    func `nothing in the sources crashes on purpose`(word: String) {
        for file in tree.files(in: "Sources") where file.room != "hms-bench" {
            for line in file.code where line.containsWord(word) {
                Issue.record("\(file.path) says \(word): \(line)")
            }
        }
    }

    @Test(arguments: ["@unchecked Sendable", "nonisolated(unsafe)"])
    func `where a concurrency check is off, a line says why that is safe`(word: String) {
        for file in tree.files(in: "Sources") {
            for (number, line) in file.lines.enumerated() where line.contains(word) && !line.drop(while: \.isWhitespace).hasPrefix("//") {
                let above = file.lines[max(0, number - 8)..<number]
                let explained = line.contains("//") || above.contains { $0.drop(while: \.isWhitespace).hasPrefix("//") }
                #expect(explained, "\(file.path):\(number + 1) switches a check off without a word")
            }
        }
    }

    @Test(arguments: ["TODO", "FIXME", "XXX"])
    func `nothing is left for later in the sources`(word: String) {
        for file in tree.files(in: "Sources") {
            for line in file.lines where line.containsWord(word) {
                Issue.record("\(file.path): \(line)")
            }
        }
    }

    @Test(arguments: ["Manager", "Helper", "Util", "Utils"])
    func `no type is named after nothing in particular`(suffix: String) throws {
        let declaration = try Regex(#"\b(struct|class|enum|actor|protocol) \w*\#(suffix)\b"#)
        for file in tree.files(in: "Sources") {
            for line in file.code where line.firstMatch(of: declaration) != nil {
                Issue.record("\(file.path): \(line)")
            }
        }
    }

    /// Spelled as Oxford does: recognize, behaviour, cancelled. One spelling, so that a search finds every place.
    @Test(arguments: [
        "recognis", "normalis", "serialis", "initialis", "synchronis", "authoris", "behavior", "canceled", "labeled", "neighbor",
    ])
    func `a word is spelled in one way`(spelling: String) {
        for file in tree.files(in: "Sources") + tree.files(in: "Tests") where !file.path.hasSuffix("/TidyTests.swift") {
            for line in file.lines where line.contains(spelling) {
                Issue.record("\(file.path): \(line)")
            }
        }
    }
}
