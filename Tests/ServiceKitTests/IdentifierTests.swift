import ServiceKit
import Synchronization
import Testing
import Vocabulary

@Suite(.timeLimit(.minutes(10))) struct IdentifierTests {
    @Test func `an id is its kind's prefix and 26 characters`() throws {
        let id = IDMaker().make(.patient)
        let parsed = try #require(ParsedID(id))
        #expect(id.count == 30)
        #expect(parsed.prefix == "pat")
        #expect(ParsedID.isValid(id, prefix: "pat"))
        #expect(!ParsedID.isValid(id, prefix: "doc"))
    }

    @Test func `an id tells when it was made`() throws {
        let maker = IDMaker { 1_772_422_200_123 }
        #expect(try #require(ParsedID(maker.make(prefix: "x"))).part.milliseconds == 1_772_422_200_123)
    }

    @Test(
        arguments: [
            (0, "00000000000000000000000000"), (1, "00000000000000000000000001"), (31, "0000000000000000000000000z"),
            (UInt128.max, "7zzzzzzzzzzzzzzzzzzzzzzzzz"),
        ] as [(UInt128, String)])
    func `the sortable part is Crockford's base 32 in small letters`(value: UInt128, text: String) {
        #expect(SortablePart(value).description == text)
        #expect(SortablePart(text)?.value == value)
    }

    @Test(arguments: [
        "", "0000000000000000000000000", "000000000000000000000000000", "8zzzzzzzzzzzzzzzzzzzzzzzzz", "0000000000000000000000000I",
        "0000000000000000000000000l", "0000000000000000000000000o", "0000000000000000000000000u", "0000000000000000000000000A",
        "000000000000000000000000é",
    ])
    func `anything else is no sortable part`(text: String) {
        #expect(SortablePart(text) == nil)
    }

    @Test func `ids sort in the order in which they were made while the clock stands, steps back and goes on`() {
        let time = Mutex<Int64>(1_000)
        let maker = IDMaker { time.withLock { $0 } }
        var ids: [String] = []
        for step in [0, 1, -5, -900, 0, 3, 2_000] as [Int64] {
            time.withLock { $0 += step }
            ids += (0..<100).map { _ in maker.make(prefix: "x") }
        }
        #expect(ids == ids.sorted())
        #expect(Set(ids).count == ids.count)
    }

    @Test func `many at once get different ids`() async {
        let maker = IDMaker { 5 }
        let ids = await withTaskGroup(of: [String].self) { group in
            for _ in 0..<8 { group.addTask { (0..<500).map { _ in maker.make(prefix: "x") } } }
            return await group.reduce(into: Set<String>()) { $0.formUnion($1) }
        }
        #expect(ids.count == 4_000)
    }

    @Test func `two processes at the same instant make different ids`() {
        #expect(IDMaker { 5 }.make(prefix: "x") != IDMaker { 5 }.make(prefix: "x"))
    }
}
