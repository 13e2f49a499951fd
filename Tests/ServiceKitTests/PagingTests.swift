import FieldChecks
import Foundation
import RPC
import ServiceKit
import Testing

@Suite struct PagingTests {
    private let filters = ["Jane", "ACTIVE"]

    /// A position of any text.
    private struct Key: PagePosition, Equatable {
        let sortKey: String

        init(sortKey: String) { self.sortKey = sortKey }
    }

    private func token(after sortKey: String) throws -> String {
        try PageRequest<Key>(0, after: "", filters: filters).token(after: Key(sortKey: sortKey))
    }

    @Test(arguments: ["pat_1", "7|ü|", String(repeating: "k", count: 300)])
    func `a page goes on where the last one ended`(sortKey: String) throws {
        let page = try PageRequest<Key>(0, after: try token(after: sortKey), filters: filters)
        #expect(page.position == Key(sortKey: sortKey))
    }

    @Test func `the first page has the empty token`() throws {
        #expect(try PageRequest<Key>(0, after: "", filters: filters).position == nil)
    }

    @Test func `a token's sort key cannot be read off it`() throws {
        #expect(try !token(after: "pat_1").contains("pat_1"))
    }

    @Test(arguments: [["Jane"], ["Jane", "INACTIVE"], ["JaneACTIVE", ""], ["ACTIVE", "Jane"], []])
    func `a token is refused with other filters`(others: [String]) throws {
        expectRefusal(of: try token(after: "pat_1"), with: others)
    }

    @Test func `a token is refused with any one character changed`() throws {
        let token = try token(after: "pat_1")
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

    @Test(arguments: ["pat_1", "1 2", "", "9223372036854775808"])
    func `a token is refused whose position is none of the list`(sortKey: String) throws {
        let token = try token(after: sortKey)
        expectTokenRefusal { _ = try PageRequest<Int64>(0, after: token, filters: filters) }
    }

    @Test(arguments: [(0, "", []), (3, "", [9, 8, 7]), (4, "7", [9, 8, 7]), (2, "", [9, 8])] as [(Int, String, [Int64])])
    func `a page names the next one only where one follows`(found: Int, next: String, rows: [Int64]) throws {
        let page = try PageRequest<Int64>(3, after: "", filters: filters)
        let shown = page.page(of: Array([9, 8, 7, 6].prefix(found))) { $0 }
        #expect(Array(shown.rows) == rows)
        #expect(shown.nextToken == (next.isEmpty ? "" : try token(after: next)))
        #expect(page.limit == 4)
    }

    private func expectRefusal(of token: String, with filters: [String], sourceLocation: SourceLocation = #_sourceLocation) {
        expectTokenRefusal(sourceLocation) { _ = try PageRequest<Key>(0, after: token, filters: filters) }
    }

    private func expectTokenRefusal(_ sourceLocation: SourceLocation = #_sourceLocation, _ ask: () throws -> Void) {
        let error = #expect(throws: RPCError.self, sourceLocation: sourceLocation) { try ask() }
        #expect(error?.code == .invalidArgument, sourceLocation: sourceLocation)
        #expect(error?.violations.map(\.field) == ["page_token"], sourceLocation: sourceLocation)
    }

    @Test(arguments: [(0, 50), (1, 1), (50, 50), (500, 500)] as [(Int32, Int)])
    func `a page has the size that is asked for, or fifty rows`(requested: Int32, rows: Int) throws {
        #expect(try PageRequest<Int64>(requested, after: "", filters: []).size == rows)
    }

    @Test(arguments: [-1, .min, 501, .max] as [Int32])
    func `a page size below one or above five hundred is refused`(requested: Int32) {
        let error = #expect(throws: RPCError.self) { try PageRequest<Int64>(requested, after: "", filters: []) }
        #expect(error?.violations.map(\.field) == ["page_size"])
    }
}
