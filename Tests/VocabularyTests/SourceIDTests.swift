import Testing
import Vocabulary

struct SourceIDTests {
    @Test func `a source and an id come together or not at all`() throws {
        #expect(try SourceID(source: nil, sourceID: nil) == nil)
        #expect(try SourceID(source: "old", sourceID: "7") == SourceID(source: "old", value: "7"))
        let withoutID = #expect(throws: Rejection.self) { _ = try SourceID(source: "old", sourceID: nil) }
        #expect(withoutID?.code == .invalidArgument && withoutID?.field == "source_id")
        let withoutSource = #expect(throws: Rejection.self) { _ = try SourceID(source: nil, sourceID: "7") }
        #expect(withoutSource?.code == .invalidArgument && withoutSource?.field == "source")
    }
}
