import Testing

/// What the contract promises and the generator writes down has a reader in the program.
@Suite struct PromiseTests {
    let tree = SourceTree.ofThisPackage

    /// What generated tables say, and the file that declares it.
    static let tables = ["Sources/RPC/Calls/MethodDescriptor.swift", "Sources/Routes/Route.swift"]

    /// A route's reader is made with them, and tests ask for them.
    static let handedOn: Set<String> = ["queryFields"]

    @Test(arguments: tables)
    func `every property of a generated table is read`(path: String) throws {
        let table = try #require(tree.all.first { $0.path == path })
        let properties = Promises.properties(in: table)
        #expect(properties.count >= 5)
        let readers = tree.files(in: "Sources").filter { $0.path != path && !["ContractGenerator", "hms-bench"].contains($0.room) }
        for property in properties where !Self.handedOn.contains(property) {
            #expect(readers.contains { Promises.reads(property, in: $0) }, "nobody reads \(property) of \(path)")
        }
    }

    @Test func `a property that nobody reads would be found`() {
        let table = SourceFile(path: "Sources/A/A.swift", lines: ["    public let audit: Bool", "    let inside: Bool"])
        #expect(Promises.properties(in: table) == ["audit"])
        let writer = SourceFile(
            path: "Sources/B/B.swift", lines: ["        self.audit = audit", "    /// Reads x.audit", "method.auditing"])
        #expect(!Promises.reads("audit", in: writer))
        #expect(Promises.reads("audit", in: SourceFile(path: "Sources/B/C.swift", lines: ["guard method.audit else { return }"])))
    }

    /// A code that a check finds out and nobody looks at answers nothing.
    @Test(arguments: ["notFoundCode", "namedIDs", "contractFingerprint"])
    func `what checks and handshakes learn is read`(property: String) {
        let declaring: Set<String> = [
            "Violations.swift", "CallContext.swift", "Hello.swift", "RPCServerOptions.swift", "RPCClientOptions.swift",
        ]
        let readers = tree.files(in: "Sources").filter { !declaring.contains($0.name) && Promises.reads(property, in: $0) }
        #expect(!readers.isEmpty)
    }
}

enum Promises {
    /// The names of the public constants that a file declares.
    static func properties(in file: SourceFile) -> [String] {
        file.code.compactMap { line in
            let words = line.split(separator: " ")
            guard words.starts(with: ["public", "let"]), words.count > 2 else { return nil }
            return String(words[2].prefix { $0 != ":" })
        }
    }

    /// Whether somebody's property of that name is read: `method.audit`, but not `self.audit = audit`.
    static func reads(_ property: String, in file: SourceFile) -> Bool {
        file.code.contains { line in
            line.containsWord("." + property, after: { $0.isLetter || $0 == ")" || $0 == "?" || $0 == "]" })
                && !line.contains("self.\(property) = ")
        }
    }
}
