import Testing

/// One word, one meaning: as far as a machine can tell.
@Suite struct NameTests {
    let tree = SourceTree.ofThisPackage

    /// Types whose namesake in another room is meant, each with its reason.
    static let namesakes: [String: String] = [
        "RecordChangeFacts": "both kinds of people change by the same rule, each with states of its own",
        "WorkingHoursMessage": "both services tell the contract's working hours from those of the vocabulary",
    ]

    @Test func `no two rooms have a type of one name`() throws {
        var rooms: [String: Set<String>] = [:]
        for file in tree.files(in: "Sources") where file.room != "hms-bench" {
            for name in file.topLevelTypes { rooms[name, default: []].insert(file.room) }
        }
        #expect(rooms.count > 500)
        for (name, rooms) in rooms where rooms.count > 1 && Self.namesakes[name] == nil {
            Issue.record("\(name) means something in each of \(rooms.sorted())")
        }
        for name in Self.namesakes.keys { #expect(rooms[name, default: []].count > 1, "\(name) has no namesake any more") }
    }

    @Test(arguments: [
        ("public struct A: Sendable {", "A"), ("final class B {", "B"), ("public indirect enum C {", "C"), ("@frozen public enum D {", "D"),
        ("typealias E = Int", "E"), ("package actor F {", "F"), ("public protocol G: Sendable {", "G"),
    ])
    func `a type would be found`(line: String, name: String) {
        #expect(SourceFile(path: "Sources/X/X.swift", lines: [line]).topLevelTypes == [name])
    }

    @Test(arguments: [
        "private struct A {", "fileprivate enum B {", "    struct Inner {", "extension C {", "let structure = 1", "// struct D",
    ])
    func `what nobody else can see is none`(line: String) {
        #expect(SourceFile(path: "Sources/X/X.swift", lines: [line]).topLevelTypes.isEmpty)
    }
}
