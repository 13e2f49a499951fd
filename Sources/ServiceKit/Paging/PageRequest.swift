/// Which page of a list somebody asks for.
///
/// ```swift
/// let page = try PageRequest<Int64>(request.pageSize, after: request.pageToken, filters: [request.patientID])
/// let bills = try await database.scan { try $0.bills(matching: filter, on: page) }
/// return ListBillsResponse(bills: bills.rows.map(\.bill), nextPageToken: bills.nextToken)
/// ```
public struct PageRequest<Position: PagePosition>: Sendable {
    /// How many rows the page holds.
    public let size: Int
    /// The last row of the page before; nil where this is the first.
    public let position: Position?
    private let filters: [String]

    /// - Parameters:
    ///   - size: 0 for ``PageSize/normal``.
    ///   - token: empty for the first page.
    ///   - filters: all that chooses which rows the list holds, in a fixed order. A token of other filters is refused.
    /// - Throws: `INVALID_ARGUMENT` on `page_size` or `page_token`.
    public init(_ size: Int32, after token: String, filters: [String?]) throws {
        self.size = try PageSize.rows(size)
        self.filters = filters.map { $0 ?? "" }
        position = try PageToken.sortKey(in: token, filters: self.filters).map { key in
            guard let position = Position(sortKey: key) else { throw PageToken.refusal }
            return position
        }
    }

    /// How many rows to look for: one more than the page holds tells whether another page follows.
    public var limit: Int { size + 1 }

    /// - Parameter found: the rows after ``position``, ``limit`` of them at most.
    public func page<Row>(of found: [Row], _ position: (Row) -> Position) -> ListPage<Row> {
        let last = found.count > size ? found[size - 1] : nil
        return ListPage(rows: found.prefix(size), nextToken: last.map { token(after: position($0)) } ?? "")
    }

    /// The token of the page that follows a row.
    public func token(after position: Position) -> String {
        PageToken.make(after: position.sortKey, filters: filters)
    }
}
