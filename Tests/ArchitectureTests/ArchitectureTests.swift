import Foundation
import Testing

/// The arrows between the rooms, read from the `import` lines: what the design forbids fails here.
@Suite struct ArchitectureTests {
    let tree = SourceTree.ofThisPackage

    @Test func `there is source to read`() {
        #expect(tree.files(in: "Sources").count > 100)
    }

    @Test func `rules import the vocabulary and calendar arithmetic, nothing else`() {
        let allowed: Set<String> = ["Vocabulary"]
        for file in tree.files(in: "Sources") where file.room.hasSuffix("Rules") || file.room == "Vocabulary" {
            let foreign = file.imports.subtracting(allowed).subtracting([
                "FoundationEssentials", "FoundationInternationalization", "Foundation",
            ])
            #expect(foreign.isEmpty, "\(file.path) imports \(foreign.sorted())")
        }
    }

    @Test(arguments: ["async", "await", "Date()", "Date.now", "UUID()", "Logger", ".now()", "print(", "Task"])
    func `rules know no clock, ids, concurrency, logs or input and output`(word: String) {
        for file in tree.files(in: "Sources") where file.room.hasSuffix("Rules") {
            for line in file.code where line.containsWord(word) {
                Issue.record("\(file.path) says \(word): \(line)")
            }
        }
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

    /// Who alone may import what.
    static let keepers: [(modules: Set<String>, rooms: Set<String>)] = [
        (["CProtobufC"], ["ProtobufC", "CProtobufC", "CWire", "hms-bench"]),
        (["CContracts"], ["ProtobufC"]),
        (["GRDB", "GRDBSQLite", "CLibPQ"], ["Storage", "hms-bench"]),
        (
            ["NIO", "NIOPosix", "NIOConcurrencyHelpers", "NIOEmbedded"],
            ["RPC", "RESTShim", "ServiceKit", "HospitalCommand", "HMSTestKit", "hms-bench"]
        ),
        // What requests of an HTTP client are made of: webhooks need it too.
        (
            ["NIOCore", "NIOHTTP1"],
            ["RPC", "RESTShim", "ServiceKit", "HospitalCommand", "NotificationService", "HMSTestKit", "hms-bench"]
        ),
        (["JWTKit"], ["ServiceKit", "HMSTestKit"]),
        (["Hummingbird", "HummingbirdCore"], ["RESTShim", "hms-bench"]),
    ]

    @Test(arguments: keepers.indices)
    func `what is dangerous or replaceable stays in its room`(index: Int) {
        let keeper = Self.keepers[index]
        for file in tree.files(in: "Sources") where !keeper.rooms.contains(file.room) {
            let foreign = file.imports.intersection(keeper.modules)
            #expect(foreign.isEmpty, "\(file.path) imports \(foreign.sorted())")
        }
    }

    /// An invariant is a question to the databases of all services, so it is SQL as well.
    @Test func `SQL stands in Storage, in stores, migrations and invariants only`() throws {
        let statement = try Regex(#"^\s*"?(SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE (UNIQUE )?(TABLE|INDEX)) "#)
        for file in tree.files(in: "Sources") where file.room != "Storage" && file.room != "hms-bench" {
            let isHome = ["Store.swift", "Migrations.swift", "Invariants.swift"].contains { file.name.hasSuffix($0) }
            guard !isHome, !file.name.contains("Store+") else { continue }
            for line in file.code where line.firstMatch(of: statement) != nil {
                Issue.record("\(file.path) holds SQL: \(line)")
            }
        }
    }

    @Test func `the shim touches neither storage nor rules`() {
        for file in tree.files(in: "Sources/RESTShim") {
            let foreign = file.imports.filter { $0 == "Storage" || $0.hasSuffix("Rules") || ($0.hasSuffix("Service") && $0 != "Service") }
            #expect(foreign.isEmpty, "\(file.path) imports \(foreign.sorted())")
        }
    }
}
