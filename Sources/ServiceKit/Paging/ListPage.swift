/// Some rows of a list, and where it goes on.
public struct ListPage<Row: Sendable>: Sendable {
    public let rows: ArraySlice<Row>
    /// Empty where nothing follows.
    public let nextToken: String

    public static var empty: ListPage { ListPage(rows: [], nextToken: "") }
}
