import Foundation
import Testing

/// The arrows between the rooms, read from the `import` lines: what the design forbids fails here.
@Suite(.timeLimit(.minutes(10))) struct ArchitectureTests {
    let tree = SourceTree.ofThisPackage

    @Test func `there is source to read`() {
        #expect(tree.files(in: "Sources").count > 100)
    }

    @Test func `rules import the vocabulary, and the vocabulary nothing but calendars and letters`() {
        for file in tree.files(in: "Sources") where file.room.hasSuffix("Rules") {
            #expect(file.imports.isSubset(of: ["Vocabulary"]), "\(file.path) imports \(file.imports.sorted())")
        }
        for file in tree.files(in: "Sources/Vocabulary") {
            #expect(file.imports.isSubset(of: ["Foundation"]), "\(file.path) imports \(file.imports.sorted())")
        }
    }

    @Test(arguments: Ban.outsideWorld)
    func `rules and the vocabulary know no clock, ids, concurrency, logs or input and output`(word: String) {
        for file in tree.files(in: "Sources") where file.room.hasSuffix("Rules") || file.room == "Vocabulary" {
            for line in Ban.lines(saying: word, in: file) { Issue.record("\(file.path) says \(word): \(line)") }
        }
    }

    @Test(arguments: [
        ("let today = Date()", "Date()"), ("let t = Date.now", "Date.now"), ("if slot.start < Instant.now() + leadTime {", ".now()"),
        ("let now = clock.now", ".now"), ("let id = UUID().uuidString", "UUID()"), ("func rejection() async -> Rejection? {", "async"),
        ("let x = try await peer.bill()", "await"), ("    Task { log() }", "Task"), ("logger: Logger", "Logger"), ("print(bill)", "print("),
        ("let t = time(nil)", "time("), ("Int.random(in: 0..<9)", "random("), ("let c = ContinuousClock()", "ContinuousClock"),
    ])
    func `a rule that knew the outside world would be found`(line: String, word: String) {
        #expect(Ban.outsideWorld.contains(word))
        #expect(Ban.lines(saying: word, in: SourceFile(path: "Sources/XRules/X.swift", lines: [line])) == [line])
    }

    @Test(arguments: [
        "    /// Counts from Date()", "let known = request.nowhere", "let runtime = leadTime(of: slot)", "let awaited = 1",
        "case asynchronous",
        "let tasks = subtasks", "func isLater(than now: Instant) -> Bool {", "blueprint(of: x)",
    ])
    func `a rule's own words are no outside world`(line: String) {
        let file = SourceFile(path: "Sources/XRules/X.swift", lines: [line])
        for word in Ban.outsideWorld { #expect(Ban.lines(saying: word, in: file).isEmpty, "\(word)") }
    }

    @Test func `no service imports another service or its rules`() {
        let services = tree.rooms(in: "Sources").filter { $0.hasSuffix("Service") }
        let rules = tree.rooms(in: "Sources").filter { $0.hasSuffix("Rules") }
        #expect(!services.isEmpty)
        for service in services {
            let itself = String(service.dropLast("Service".count))
            let forbidden = Set(services).union(rules).subtracting([service, itself + "Rules"])
            for file in tree.files(in: "Sources/\(service)") {
                #expect(file.imports.isDisjoint(with: forbidden), "\(file.path) imports \(file.imports.intersection(forbidden).sorted())")
            }
        }
    }

    @Test(arguments: Keeper.all.indices)
    func `what is dangerous or replaceable stays in its rooms`(index: Int) {
        let keeper = Keeper.all[index]
        for file in tree.files(in: "Sources") where keeper.rooms[file.room] == nil {
            let foreign = file.imports.intersection(keeper.modules)
            #expect(foreign.isEmpty, "\(file.path) imports \(foreign.sorted())")
        }
    }

    @Test(arguments: Keeper.all.indices)
    func `no room may import what it has no need of any more`(index: Int) {
        let keeper = Keeper.all[index]
        for room in keeper.rooms.keys {
            let isUsed = tree.files(in: "Sources/\(room)").contains { !$0.imports.isDisjoint(with: keeper.modules) }
            #expect(isUsed, "\(room) does not import any of \(keeper.modules.sorted())")
        }
    }

    /// An invariant is a question to the databases of all services, so it is SQL as well.
    @Test func `SQL stands in Storage, in stores, migrations and invariants only`() {
        for file in tree.files(in: "Sources") where file.room != "Storage" && file.room != "hms-bench" {
            let isHome = ["Store.swift", "Migrations.swift", "Invariants.swift"].contains { file.name.hasSuffix($0) }
            guard !isHome, !file.name.contains("Store+") else { continue }
            for line in Ban.linesOfSQL(in: file) { Issue.record("\(file.path) holds SQL: \(line)") }
        }
    }

    @Test(arguments: [
        #"try transaction.execute("DELETE FROM bills WHERE bill_id = ?", [.text(id)])"#, #"let sql = "SELECT bill_id FROM bills""#,
        "            SELECT bill_id, amount", "            INSERT INTO bills (bill_id)", "    UPDATE bills SET status = ?",
        "  UPDATE bills",
        #"rows("select * from bills")"#, #"execute("insert or ignore into bills values (1)")"#,
        #"run("CREATE UNIQUE INDEX i ON bills (a)")"#,
        #"run("pragma user_version")"#, #"let count = try reader.row("SELECT count(*) FROM bills") { $0.int(0) }"#,
        #"x("DROP TABLE bills")"#,
    ])
    func `SQL would be found wherever it stands in a line`(line: String) {
        #expect(Ban.linesOfSQL(in: SourceFile(path: "Sources/X/X.swift", lines: [line])) == [line])
    }

    @Test(arguments: [
        "    /// SELECT bill_id FROM bills", "let selected = bills.filter(isOpen) // SELECT in words", #"log("Updated the bill")"#,
        "case selectDoctor", #""Delete the bill from the list""#, "func update(bill: Bill) {", #"help: "Create a table of bills""#,
    ])
    func `what only sounds like SQL is none`(line: String) {
        #expect(Ban.linesOfSQL(in: SourceFile(path: "Sources/X/X.swift", lines: [line])).isEmpty)
    }

    /// Where Foundation is imported the compiler may hold the C struct for CoreFoundation's, and a cold release build fails.
    @Test func `the struct stat is made where ServiceKit deals with files, and nowhere else`() {
        for file in tree.files(in: "Sources") where !file.path.hasPrefix("Sources/ServiceKit/Files/") {
            for line in Ban.lines(saying: "stat()", in: file) { Issue.record("\(file.path) makes a stat: \(line)") }
        }
    }

    @Test func `a struct stat would be found`() {
        let file = SourceFile(
            path: "Sources/X/X.swift", lines: ["var status = stat()", "let memory = vmstat()", "    // stat() is banned"])
        #expect(Ban.lines(saying: "stat()", in: file) == ["var status = stat()"])
    }

    /// They carry calls, and know neither what these mean nor who may make them.
    @Test(arguments: [
        ("HTTP2", ["NIOCore"]),
        ("GRPC", ["CZlib", "Contracts", "FieldChecks", "HTTP2", "NIOCore", "RPC"]),
    ])
    func `the rooms of other protocols import no more than they carry`(room: String, modules: [String]) {
        #expect(!tree.files(in: "Sources/\(room)").isEmpty)
        for file in tree.files(in: "Sources/\(room)") {
            #expect(file.imports.isSubset(of: modules), "\(file.path) imports \(file.imports.sorted())")
        }
    }

    @Test func `the shim touches neither storage nor rules`() {
        for file in tree.files(in: "Sources/RESTShim") {
            let foreign = file.imports.filter { $0 == "Storage" || $0.hasSuffix("Rules") || ($0.hasSuffix("Service") && $0 != "Service") }
            #expect(foreign.isEmpty, "\(file.path) imports \(foreign.sorted())")
        }
    }
}
