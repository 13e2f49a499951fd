import FieldChecks
import Foundation
import RPC
import ServiceKit
import Testing

@Suite struct PagingTests {
    private let filters = ["Jane", "ACTIVE"]

    @Test(arguments: ["pat_1", "7|ü|", String(repeating: "k", count: 300)])
    func `a page goes on where the last one ended`(sortKey: String) throws {
        let token = PageToken.make(after: sortKey, filters: filters)
        #expect(try PageToken.sortKey(in: token, filters: filters) == sortKey)
    }

    @Test func `the first page has the empty token`() throws {
        #expect(try PageToken.sortKey(in: "", filters: filters) == nil)
    }

    @Test func `a token's sort key cannot be read off it`() {
        #expect(!PageToken.make(after: "pat_1", filters: filters).contains("pat_1"))
    }

    @Test(arguments: [["Jane"], ["Jane", "INACTIVE"], ["JaneACTIVE", ""], ["ACTIVE", "Jane"], []])
    func `a token is refused with other filters`(others: [String]) {
        expectRefusal(of: PageToken.make(after: "pat_1", filters: filters), with: others)
    }

    @Test func `a token is refused with any one character changed`() {
        let token = PageToken.make(after: "pat_1", filters: filters)
        for position in token.indices {
            let changed = token[position] == "A" ? "B" : "A"
            expectRefusal(of: token.replacingCharacters(in: position..<token.index(after: position), with: changed), with: filters)
        }
        expectRefusal(of: String(token.dropLast()), with: filters)
        expectRefusal(of: token + "A", with: filters)
    }

    @Test(arguments: ["x", "!!!", "AAAA", "AAAAAAAAAAA", "pat_1", String(repeating: "A", count: 5_000)])
    func `what is no token is refused`(text: String) {
        expectRefusal(of: text, with: filters)
    }

    private func expectRefusal(of token: String, with filters: [String], sourceLocation: SourceLocation = #_sourceLocation) {
        let error = #expect(throws: RPCError.self, sourceLocation: sourceLocation) { try PageToken.sortKey(in: token, filters: filters) }
        #expect(error?.code == .invalidArgument, sourceLocation: sourceLocation)
        #expect(error?.violations.map(\.field) == ["page_token"], sourceLocation: sourceLocation)
    }

    @Test(arguments: [(0, 50), (1, 1), (50, 50), (500, 500)] as [(Int32, Int)])
    func `a page has the size that is asked for, or fifty rows`(requested: Int32, rows: Int) throws {
        #expect(try PageSize.rows(requested) == rows)
    }

    @Test(arguments: [-1, .min, 501, .max] as [Int32])
    func `a page size below one or above five hundred is refused`(requested: Int32) {
        let error = #expect(throws: RPCError.self) { try PageSize.rows(requested) }
        #expect(error?.violations.map(\.field) == ["page_size"])
    }
}
